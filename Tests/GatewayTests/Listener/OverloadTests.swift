import Foundation
import Gateway
import Glibc
import HTTP
import TestKit
import Testing

@Suite struct OverloadTests {
    @Test func `with its descriptors used up it refuses quickly, answers its admin, and recovers`() throws {
        let platform = try Platform(gateway: false)
        let admin = try freePort()
        let gateway = try GatewayProgram(
            platform, ["--admin", "127.0.0.1:\(admin)", "--connections-per-client", "100000"], wrapped: ["sh", "-c", "ulimit -n 256; exec \"$@\"", "sh"])
        try gateway.awaitReady()
        var held: [TestConnection] = []
        for _ in 0..<400 { held.append(try TestConnection(port: gateway.port)) }
        let last = try #require(held.last)
        try? last.send("GET /healthz HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n")
        if let answer = try? last.readAnswer() {
            #expect(answer.status == 503)
            #expect(answer.headers["retry-after"] == "1")
        }
        #expect(try TestClient(port: admin).get("/healthz", key: nil).status == 200)
        let page = try TestClient(port: admin).get("/metrics", key: nil).text
        #expect(page.contains("charter_connection_events_total{event=\"full\"} "))
        #expect(!page.contains("charter_connection_events_total{event=\"full\"} 0\n"))
        let figures = ProcessFigures(pid: gateway.process.pid)
        let before = try figures.processorTicks()
        usleep(500_000)
        #expect(try figures.processorTicks() - before < 20, "it does not spin")
        held = []
        try eventually(within: .seconds(10), "it serves again") { try gateway.client.chat().status == 200 }
    }

    @Test func `one client cannot take every connection`() throws {
        let platform = try Platform(gateway: false)
        let gateway = try GatewayProgram(platform, ["--connections", "40", "--connections-per-client", "10"])
        try gateway.awaitReady()
        try eventually(within: .seconds(5), "nothing is left of the start") {
            try gateway.client.get("/metrics", key: nil).text.contains("charter_connections 1\n")
        }
        let held = try (0..<10).map { _ in try TestConnection(port: gateway.port) }
        for connection in held { try connection.send("GET /healthz HTTP/1.1\r\nHost: t\r\n\r\n") }
        for connection in held { #expect(try connection.readOne().status == 200) }
        #expect(try TestConnection(port: gateway.port).readAnswer().status == 503)
    }
}
