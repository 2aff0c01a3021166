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
}
