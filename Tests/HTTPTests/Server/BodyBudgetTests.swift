@testable import HTTP
import TestKit
import Testing

@Suite struct BodyBudgetTests {
    private func server(_ budget: BodyBudget) throws -> TestServer {
        try TestServer({
            var options = ServerOptions()
            options.bodies = budget
            return options
        }) { exchange, loop in
            exchange.collectBody(max: 1 << 20) { bytes in
                let count = bytes.count
                // A tick later, so that a body in one piece is held for a while too.
                loop.schedule(after: .zero) { exchange.respond("\(count)") }
            }
        }
    }

    private func head(_ length: Int) -> String { "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: \(length)\r\n\r\n" }

    @Test func `refuses a body for which the others leave no room, and takes the next when they are gone`() throws {
        let budget = BodyBudget(bytesMax: 100_000)
        let server = try server(budget)
        let first = try RawConnection(port: server.port)
        try first.send(head(80_000) + String(repeating: "a", count: 60_000))
        try eventually(within: .seconds(5), "the first is being held") { budget.bytes == 60_000 }
        let second = try RawConnection(port: server.port)
        try second.send(head(50_000) + String(repeating: "b", count: 50_000))
        let refused = try second.receiveAll()
        #expect(refused.hasPrefix("HTTP/1.1 503 "))
        #expect(refused.contains("\r\nretry-after: 1\r\n"))
        try eventually(within: .seconds(5), "what came of the refused one is let go") { budget.bytes == 60_000 }
        try first.send(String(repeating: "a", count: 20_000))
        #expect(try first.receive { $0.hasSuffix("80000") }.hasPrefix("HTTP/1.1 200 "))
        let third = try RawConnection(port: server.port)
        try third.send(head(90_000) + String(repeating: "c", count: 90_000))
        #expect(try third.receive { $0.hasSuffix("90000") }.hasPrefix("HTTP/1.1 200 "))
        try eventually(within: .seconds(5), "nothing is held") { budget.bytes == 0 }
    }

    @Test func `gives the room back when the client goes in the middle of its body`() throws {
        let budget = BodyBudget(bytesMax: 100_000)
        let server = try server(budget)
        let client = try RawConnection(port: server.port)
        try client.send(head(80_000) + String(repeating: "a", count: 10_000))
        try eventually(within: .seconds(5), "it is being held") { budget.bytes == 10_000 }
        client.reset()
        try eventually(within: .seconds(5), "it is let go") { budget.bytes == 0 }
    }

    /// More than the kernel takes for a reader that has stopped.
    private static let longBytes = 16 << 20

    private func longAnswers(_ budget: BodyBudget) throws -> TestServer {
        try TestServer({
            var options = ServerOptions()
            options.bodies = budget
            return options
        }) { exchange, _ in
            let length = exchange.request.path == "/long" ? Self.longBytes : HTTPLimits().outputHighWaterBytes
            exchange.respond(ResponseHead(status: 200), body: [UInt8](repeating: 0x61, count: length))
        }
    }

    private func get(_ path: String) -> String { "GET \(path) HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n" }

    @Test func `keeps the room of an answer until its reader has taken it`() throws {
        let budget = BodyBudget(bytesMax: 20 << 20)
        let server = try longAnswers(budget)
        let reader = try RawConnection(port: server.port, receiveBuffer: 16_384)
        try reader.send(get("/long"))
        #expect(try reader.receive(until: { $0.contains("aaa") }).hasPrefix("HTTP/1.1 200 "))
        #expect(budget.bytes == Self.longBytes)
        var left = Self.longBytes / 2
        while left > 0 { left -= try reader.receive().count }
        #expect(budget.bytes == Self.longBytes, "its storage is one piece")
        while try !reader.receive().isEmpty {}
        try eventually(within: .seconds(5), "nothing is held") { budget.bytes == 0 }
    }

    @Test func `refuses an answer for which those of stopped readers leave no room, and gives short ones`() throws {
        let budget = BodyBudget(bytesMax: 20 << 20)
        let server = try longAnswers(budget)
        let stopped = try RawConnection(port: server.port, receiveBuffer: 16_384)
        try stopped.send(get("/long"))
        try eventually(within: .seconds(10), "it is held") { budget.bytes == Self.longBytes }
        let second = try RawConnection(port: server.port)
        try second.send(get("/long"))
        let refused = try second.receiveAll()
        #expect(refused.hasPrefix("HTTP/1.1 503 "))
        #expect(refused.contains("\r\nretry-after: 1\r\n"))
        let third = try RawConnection(port: server.port)
        try third.send(get("/short"))
        #expect(try third.receiveAll().hasPrefix("HTTP/1.1 200 "))
        #expect(budget.bytes == Self.longBytes)
        stopped.reset()
        try eventually(within: .seconds(10), "it is let go") { budget.bytes == 0 }
        let fourth = try RawConnection(port: server.port)
        try fourth.send(get("/long"))
        #expect(try fourth.receiveAll().utf8.count > Self.longBytes)
        try eventually(within: .seconds(5), "nothing is held") { budget.bytes == 0 }
    }
}
