import Foundation
import Gateway
import HTTP
import Synchronization
import TestKit
import Testing

/// What becomes of a stream's bytes on their way.
@Suite struct RelayedStreamTests {
    private func platform(_ provider: ScriptedProvider) throws -> Platform {
        try Platform(beside: { StandardConfiguration.providers(provider.port, $0) })
    }

    private static let body = #"{"model":"gpt-4o","stream":true,"messages":[{"role":"user","content":"x"}]}"#

    @Test func `each event reaches the client before the provider sends the next`() throws {
        let gate = Mutex(0)
        let provider = try ScriptedProvider { exchange, _, loop in
            exchange.beginStream()
            func write(_ number: Int) {
                guard number < 20 else { return exchange.endStream() }
                // Only when the test has seen the one before.
                guard gate.withLock({ $0 }) >= number else {
                    loop.schedule(after: .milliseconds(1)) { write(number) }
                    return
                }
                exchange.writePiece("piece-\(number)")
                write(number + 1)
            }
            write(0)
        }
        let platform = try platform(provider)
        /// The usual time, whatever else the machine does meanwhile; any wait of the gateway's own would be in all of them.
        func usual(_ port: UInt16) throws -> Duration {
            gate.withLock { $0 = 0 }
            let connection = try TestClient(port: port).open("POST", "/v1/chat/completions", body: Self.body)
            let times = try (0..<20).map { number in
                let begun = ContinuousClock.now
                try connection.receive(until: "\"piece-\(number)\"")
                defer { gate.withLock { $0 = number + 1 } }
                return ContinuousClock.now - begun
            }
            #expect(try connection.readAnswer().events.last == "[DONE]")
            return times.sorted()[10]
        }
        let (direct, relayed) = (try usual(provider.port), try usual(platform.port))
        #expect(relayed < direct * 10 + .milliseconds(20), "\(relayed), and straight from the provider \(direct)")
    }

    @Test(arguments: ["\n", "\r\n", "\r"], [1, 3, 7])
    func `text in any script, ends of lines of any kind, cut anywhere`(_ end: String, _ size: Int) throws {
        let identity = #""id":"c","object":"chat.completion.chunk","created":1,"model":"m""#
        let pieces = ["żółw ", "日本語", "👩‍👩‍👧‍👦", " \\\"q\\\" ", "e\u{301}"]
        let stream = pieces.map { "data: {\(identity),\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\($0)\"},\"finish_reason\":null}]}\(end)\(end)" }.joined()
            + ": a comment\(end)\(end)data: {\(identity),\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\(end)\(end)data: [DONE]\(end)\(end)"
        let bytes = Array(stream.utf8)
        let provider = try ScriptedProvider { exchange, _, loop in
            exchange.beginStream()
            func write(from start: Int) {
                guard start < bytes.count else { return exchange.end() }
                exchange.write(Array(bytes[start..<min(start + size, bytes.count)]))
                loop.schedule(after: .zero) { write(from: start + size) }
            }
            write(from: 0)
        }
        let platform = try platform(provider)
        let answer = try TestClient(port: platform.port).send("POST", "/v1/chat/completions", body: Self.body)
        #expect(answer.isWhole)
        #expect(answer.body == bytes)
    }

    @Test func `a reader that stops holds the provider back`() throws {
        let written = Mutex(0)
        let total = 64 << 20
        let piece = String(repeating: "x", count: 16 << 10)
        let provider = try ScriptedProvider { exchange, _, _ in
            exchange.beginStream()
            func write() {
                while exchange.isOpen, exchange.isWritable {
                    guard written.withLock({ $0 }) < total else { return exchange.endStream() }
                    exchange.writePiece(piece)
                    written.withLock { $0 += piece.utf8.count }
                }
            }
            exchange.onWritable = { write() }
            write()
        }
        let platform = try platform(provider)
        let connection = try TestClient(port: platform.port).open("POST", "/v1/chat/completions", body: Self.body)
        try connection.receive(until: "\"content\":")
        // Until nothing moves any more.
        var before = -1
        try eventually(within: .seconds(20), "the provider stands still") {
            let now = written.withLock { $0 }
            defer { before = now }
            usleep(200_000)
            return now == before
        }
        // What the buffers of four sockets and the gateway's own hold; far from the whole.
        #expect(written.withLock { $0 } < 24 << 20)
        while try connection.receive() {}
        #expect(connection.receivedCount > total)
        #expect(try platform.ledger(rows: 1)[0].status == 200)
    }

    @Test func `a client that leaves stops the provider within a second, and what it got is booked`() throws {
        let stopped = Mutex<ContinuousClock.Instant?>(nil)
        let provider = try ScriptedProvider { exchange, _, loop in
            exchange.onGone = { stopped.withLock { $0 = .now } }
            exchange.beginStream()
            // Silent after this: the gateway has to see the client leave by itself.
            for _ in 0..<5 { exchange.writePiece("a") }
        }
        let platform = try platform(provider)
        let times = try (0..<3).map { _ in
            stopped.withLock { $0 = nil }
            var connection: TestConnection? = try TestClient(port: platform.port).open("POST", "/v1/chat/completions", body: Self.body)
            try connection?.receive(until: "\"content\":")
            let left = ContinuousClock.now
            connection = nil
            try eventually(within: .seconds(20), "the provider is stopped") { stopped.withLock { $0 } != nil }
            return try #require(stopped.withLock { $0 }) - left
        }
        // The best of them: what else the machine does meanwhile is not the gateway's.
        #expect(try #require(times.min()) < .seconds(1), "\(times)")
        for row in try platform.ledger(rows: 3) {
            #expect(row.status == 499)
            #expect(row.output == 5)
            #expect(row.isEstimated)
        }
    }

    @Test func `an error event of the provider ends the stream as the client's SDK understands it`() throws {
        let provider = try ScriptedProvider { exchange, _, _ in
            exchange.beginStream()
            exchange.writePiece("a")
            exchange.write(Array("data: {\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\"}}\n\n".utf8))
        }
        let platform = try platform(provider)
        let answer = try TestClient(port: platform.port).chat(stream: true)
        #expect(answer.events.count == 2)
        #expect(answer.events.last?.contains("overloaded") == true)
        #expect(!answer.text.contains("[DONE]"))
        #expect(answer.isWhole)
        #expect(try platform.outcomes(rows: 1) == ["failed: error in stream"])
    }
}
