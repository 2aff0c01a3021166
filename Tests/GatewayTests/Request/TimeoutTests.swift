import Gateway
import HTTP
import Synchronization
import TestKit
import Testing

/// Each wait for a provider has its own bound, its own code, and its own name in the record.
@Suite struct TimeoutTests {
    private func platform(_ provider: ScriptedProvider, _ timeouts: String, spec: String = "") throws -> Platform {
        try Platform(beside: { StandardConfiguration.providers(provider.port, $0, spec: spec, timeouts: timeouts) })
    }

    @Test func `the first byte`() throws {
        let provider = try ScriptedProvider { _, _, _ in }
        let platform = try platform(provider, "{ firstByte: 200ms }")
        for isStream in [false, true] {
            let answer = try TestClient(port: platform.port).chat(stream: isStream)
            #expect(answer.status == 504)
            #expect(answer.json("error", "code") == "upstream_first_byte_timeout")
        }
        #expect(try platform.outcomes(rows: 2) == ["failed: first byte timeout", "failed: first byte timeout"])
    }

    @Test func `silence in a plain answer`() throws {
        let provider = try ScriptedProvider { exchange, _, _ in
            exchange.begin(ResponseHead(status: 200, headers: ["content-type": "application/json"]))
            exchange.write(Array(#"{"choices":["#.utf8))
        }
        let platform = try platform(provider, "{ idle: 200ms }")
        let answer = try TestClient(port: platform.port).chat()
        #expect(answer.status == 504)
        #expect(answer.json("error", "code") == "upstream_idle_timeout")
        #expect(try platform.outcomes(rows: 1) == ["failed: idle timeout"])
    }

    @Test func `silence in a stream`() throws {
        let provider = try ScriptedProvider { exchange, _, _ in
            exchange.beginStream()
            exchange.writePiece("a")
        }
        let platform = try platform(provider, "{ idle: 200ms }")
        let answer = try TestClient(port: platform.port).chat(stream: true)
        #expect(answer.status == 200)
        #expect(answer.isWhole)
        #expect(answer.events.count == 2)
        #expect(answer.events.last?.contains(#""code":"upstream_idle_timeout""#) == true)
        #expect(!answer.text.contains("[DONE]"))
        #expect(try platform.outcomes(rows: 1) == ["failed: idle timeout"])
        #expect(try platform.ledger(rows: 1)[0].output == 1)
    }

    @Test func `the whole of an answer that keeps coming`() throws {
        let provider = try ScriptedProvider { exchange, _, loop in
            exchange.beginStream()
            func write() {
                guard exchange.isOpen else { return }
                exchange.writePiece("a")
                loop.schedule(after: .milliseconds(20)) { write() }
            }
            write()
        }
        let platform = try platform(provider, "{ total: 700ms, connect: 500ms, firstByte: 500ms, idle: 500ms }")
        let answer = try TestClient(port: platform.port).chat(stream: true)
        #expect(answer.events.count > 2)
        #expect(answer.events.last?.contains(#""code":"upstream_total_timeout""#) == true)
        #expect(try platform.outcomes(rows: 1) == ["failed: total timeout"])
    }

    @Test func `a connection, where there may be no more`() throws {
        let provider = try ScriptedProvider { _, _, _ in }
        let platform = try platform(
            provider, "{ connect: 200ms, firstByte: 3s }", spec: "  connections: { max: 1 }\n")
        let first = Background { try TestClient(port: platform.port).chat() }
        try eventually(within: .seconds(5), "the first request is there") { provider.seen.count == 1 }
        let second = try TestClient(port: platform.port).chat()
        #expect(second.status == 503)
        #expect(second.json("error", "code") == "upstream_busy")
        #expect(try first.value().json("error", "code") == "upstream_first_byte_timeout")
        #expect(provider.seen.count == 1)
        #expect(try Set(platform.outcomes(rows: 2)) == ["failed: no connection free", "failed: first byte timeout"])
        #expect(platform.log.contains(#""failure":"no connection free""#), "\(platform.log)")
    }

    @Test(arguments: [true, false])
    func `who leaves while it waits for a connection has asked nobody, and owes nothing`(_ isStream: Bool) throws {
        let hasLeft = Mutex(false)
        let answered = Mutex(0)
        let provider = try ScriptedProvider { exchange, _, loop in
            func answer() {
                guard hasLeft.withLock({ $0 }) else {
                    loop.schedule(after: .milliseconds(5)) { answer() }
                    return
                }
                answered.withLock { $0 += 1 }
                exchange.answerChat()
            }
            answer()
        }
        let platform = try platform(
            provider, "{ connect: 20s, firstByte: 20s }", spec: "  connections: { max: 1 }\n")
        let body = #"{"model":"openai/gpt-4o","stream":\#(isStream),"messages":[{"role":"user","content":"one two three"}]}"#
        let client = TestClient(port: platform.port)
        let asking = try client.open("POST", "/v1/chat/completions", body: body)
        try eventually(within: .seconds(5), "the first request is there") { provider.seen.count == 1 }
        var waiting: TestConnection? = try client.open("POST", "/v1/chat/completions", body: body)
        try eventually(within: .seconds(5), "the second is in the gateway") {
            try client.get("/metrics", key: nil).text.contains("charter_requests_in_flight 2\n")
        }
        #expect(waiting != nil)
        waiting = nil
        #expect(try platform.ledger(rows: 1).map(\.input) == [0])
        #expect(try platform.outcomes(rows: 1) == ["abandoned"])
        hasLeft.withLock { $0 = true }
        _ = try asking.readAnswer()
        // One more, which is behind whatever else waited.
        _ = try client.chat()
        #expect(provider.seen.count == 2, "nobody was asked for who had left")
        #expect(try platform.ledger(rows: 3).count == 3)
        #expect(answered.withLock { $0 } == 2)
    }
}
