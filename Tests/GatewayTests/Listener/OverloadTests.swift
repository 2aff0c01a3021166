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
        let begun = ContinuousClock.now
        let before = try figures.processorTicks()
        usleep(500_000)
        let used = try figures.processorTicks() - before
        #expect(Double(used) < 40 * ((ContinuousClock.now - begun) / .seconds(1)), "it does not spin")
        held = []
        try eventually(within: .seconds(10), "it serves again") { try gateway.client.chat().status == 200 }
    }

    @Test func `a descriptor that it lacks speaks against no provider, and is named in the log`() throws {
        let provider = try ScriptedProvider { _, _, _ in }
        let platform = try Platform(gateway: false, beside: { StandardConfiguration.providers(provider.port, $0) })
        let gateway = try GatewayProgram(
            platform, ["--connections-per-client", "100000", "--drain-timeout", "1"], wrapped: ["sh", "-c", "ulimit -n 160; exec \"$@\"", "sh"])
        try gateway.awaitReady()
        let body = #"{"model":"openai/gpt-4o","messages":[{"role":"user","content":"a"}]}"#
        var asking: [TestConnection] = []
        try eventually(within: .seconds(30), "it lacks one: \(gateway.process.errors)") {
            asking.append(try gateway.client.open("POST", "/v1/chat/completions", body: body))
            return !gateway.logged("a provider cannot be called").isEmpty
        }
        let line = try #require(gateway.logged("a provider cannot be called").first)
        #expect(line.contains(#""failure":"own shortage""#), "\(line)")
        // Those that are set aside, or all, where clients that are being refused have these.
        #expect(line.contains("no descriptor may be used for one more connection") || line.contains("socket: Too many open files"), "\(line)")
        #expect(gateway.logged("a provider is left out after failures").isEmpty)
        #expect(asking.count > 20 && provider.seen.count > 10)
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

    @Test func `a body for which the others leave no room is refused by a code of its own`() throws {
        let platform = try Platform(configure: { $0.bodyBytesHeldMax = 200_000 })
        let client = TestClient(port: platform.port)
        let large = String(repeating: "a ", count: 75_000)
        var slow: TestConnection? = try TestConnection(port: platform.port)
        try slow?.send(
            "POST /v1/chat/completions HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer \(Platform.secret)\r\nContent-Length: 150000\r\n\r\n")
        try slow?.send(String(repeating: " ", count: 149_000))
        try eventually(within: .seconds(5), "it is being held") {
            try client.get("/metrics", key: nil).text.contains("charter_body_bytes 149000\n")
        }
        let refused = try client.chat(more: #","user":"\#(large)""#)
        #expect(refused.status == 503)
        #expect(refused.json("error", "code") == "overloaded")
        #expect(try client.chat().status == 200, "a small one has room")
        slow = nil
        try eventually(within: .seconds(5), "there is room again") { try client.chat(more: #","user":"\#(large)""#).status == 200 }
        #expect(try client.get("/metrics", key: nil).text.contains("charter_body_bytes 0\n"))
    }

    @Test func `a body whose client has left counts for as long as its provider is waited for`() throws {
        let provider = try ScriptedProvider { exchange, _, loop in
            loop.schedule(after: .seconds(1)) { exchange.answerChat() }
        }
        let platform = try Platform(beside: { StandardConfiguration.providers(provider.port, $0) })
        let client = TestClient(port: platform.port)
        let body = #"{"model":"openai/gpt-4o","messages":[{"role":"user","content":"\#(String(repeating: "a ", count: 50_000))"}]}"#
        var asking: TestConnection? = try client.open("POST", "/v1/chat/completions", body: body)
        try eventually(within: .seconds(5), "the provider has it") { provider.seen.count == 1 }
        #expect(asking != nil)
        asking?.reset()
        asking = nil
        #expect(try client.get("/metrics", key: nil).text.contains("charter_body_bytes \(body.utf8.count)\n"))
        try eventually(within: .seconds(10), "it is let go") {
            try client.get("/metrics", key: nil).text.contains("charter_body_bytes 0\n")
        }
    }

    @Test func `an answer for which there is no room is passed on as it comes`() throws {
        let text = String(repeating: "a", count: 300_000)
        let provider = try ScriptedProvider { exchange, _, _ in
            let body = #"{"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"\#(text)"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2}}"#
            exchange.respond(ResponseHead(status: 200, headers: ["content-type": "application/json"]), body: Array(body.utf8))
        }
        for (most, isKept) in [(10 << 20, true), (200_000, false)] {
            let platform = try Platform(
                beside: { StandardConfiguration.providers(provider.port, $0) }, configure: { $0.bodyBytesHeldMax = most })
            let answer = try TestClient(port: platform.port).chat()
            #expect(answer.status == 200)
            #expect(answer.json("choices", "0", "message", "content") == text)
            #expect((answer.headers["x-charter-cost-usd"] != nil) == isKept, "\(answer.headers)")
            #expect(try platform.ledger(rows: 1).map(\.output) == [2], "its end tells the usage")
        }
    }
}
