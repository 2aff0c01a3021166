import Gateway
import HTTP
import Spec
import Store
import Synchronization
import TestKit
import Testing

/// What a running gateway tells PostgreSQL of what its open requests hold.
@Suite struct ReservedTests {
    private final class Gate: Sendable {
        let isOpen = Atomic(false)
    }

    private static func answer(_ exchange: Exchange, behind gate: Gate, _ loop: EventLoop) {
        if gate.isOpen.load(ordering: .relaxed) { return exchange.answerChat() }
        _ = loop.schedule(after: .milliseconds(20)) { [unowned loop] in answer(exchange, behind: gate, loop) }
    }

    private func reserved(_ platform: Platform) throws -> [String] {
        try Connection(platform.database).transaction { transaction in
            var found: [String] = []
            let rows = try transaction.query(
                """
                SELECT r.counter || ' ' || r.amount FROM charter.reserved r JOIN charter.resource s ON s.uid = r.uid
                WHERE s.kind = 'APIKey' AND s.name = 'main' ORDER BY 1
                """)
            for row in rows { found.append(try row.text(0)) }
            return found
        }
    }

    private func platform(_ port: UInt16) throws -> Platform {
        try Platform(
            [StandardConfiguration.keyPath: StandardConfiguration.key(spec: "  budget: { hard: 9 requests/month }\n")],
            beside: { groq in StandardConfiguration.providers(port, groq, timeouts: "{ connect: 1s, firstByte: 100s, idle: 100s }") })
    }

    @Test func `requests under way are told of while they last, and no longer`() throws {
        let gate = Gate()
        let provider = try ScriptedProvider { exchange, _, loop in Self.answer(exchange, behind: gate, loop) }
        let platform = try platform(provider.port)
        let client = TestClient(port: platform.port)
        let body = #"{"model":"openai/gpt-4o","messages":[{"role":"user","content":"one two three"}]}"#
        let calls = try (0..<2).map { _ in try client.open("POST", "/v1/chat/completions", body: body) }
        try eventually(within: .seconds(60), "both are told of") { try reserved(platform) == ["requests/month 2"] }
        gate.isOpen.store(true, ordering: .relaxed)
        for call in calls { #expect(try call.readAnswer().status == 200) }
        try eventually(within: .seconds(60), "nothing is held") { try reserved(platform).isEmpty }
    }

    @Test func `a gateway that is stopped in order leaves nothing behind`() throws {
        let provider = try ScriptedProvider { exchange, _, _ in exchange.beginStream() }
        let platform = try platform(provider.port)
        let body = #"{"model":"openai/gpt-4o","stream":true,"messages":[{"role":"user","content":"one"}]}"#
        let call = try TestClient(port: platform.port).open("POST", "/v1/chat/completions", body: body)
        try eventually(within: .seconds(60), "it is told of") { try reserved(platform) == ["requests/month 1"] }
        platform.stopGateway()
        #expect(try reserved(platform).isEmpty)
        _ = call
    }
}
