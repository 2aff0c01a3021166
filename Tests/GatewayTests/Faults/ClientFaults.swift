import Glibc
import Store
import TestKit
import Testing

extension GatewayFaults {
    /// Clients that are suddenly gone.
    @Suite struct ClientFaults {
        private static let tokens = 1_000

        /// One client that went: after so many pieces of its stream, of which decision it was told.
        private struct Gone: Sendable {
            var pieces: Int
            var decision: String?
        }

        @Test func `F14 a client that resets its connection after any number of pieces pays for what was produced, and all it held is free again`() throws {
            let scene = try GatewayScene(spec: "  limits: [16 concurrent]\n")
            let runs = TestLength.of(40, long: 500)
            let client = scene.client
            let gone = try inParallel(8, within: .seconds(1_200)) { worker in
                try stride(from: worker, to: runs, by: 8).map { run in try Self.go(after: run % 60, client) }
            }.flatMap { $0 }
            let connection = try Connection(scene.platform.database)
            var rows: [String: LedgerRow] = [:]
            var produced: [String: Int64] = [:]
            // A reset may overtake its request, so those that went at once may never have been heard.
            let heard = gone.count { $0.decision != nil }
            try eventually(within: .seconds(60), "all are booked") {
                produced = try Dictionary(ProvidersTruth(platform: scene.platform).lines().map { ($0.request_id, $0.completion_tokens) }) { $1 }
                rows = Dictionary(uniqueKeysWithValues: try LedgerRow.all(connection).map { ("\($0.decision)-\($0.attempt)", $0) })
                return produced.count >= heard && produced.keys.allSatisfy { rows[$0] != nil }
            }
            for (id, count) in produced {
                guard let row = rows[id] else { Issue.record("\(id) is not booked"); continue }
                // Less where some was under way to the gateway when it closed the connection; more only where the length says so, which is right within a factor of two.
                #expect(row.output <= 2 * count, "\(row), and \(count) were produced")
                #expect(row.isEstimated)
            }
            for one in gone {
                guard let decision = one.decision, let row = rows["\(decision)-1"] else { continue }
                #expect(row.output >= Int64(one.pieces), "\(row), and the client has \(one.pieces)")
                let count = try #require(produced["\(decision)-1"])
                // Pieces come every 5 ms: the provider was told within a second, or few on a machine that is busy.
                #expect(count < Int64(one.pieces) + 600, "\(count) were produced for \(one.pieces)")
            }
            #expect(heard > runs / 2)
            // Every place is free.
            let next = try (0..<16).map { _ in try Self.open(client, tokens: 200) }
            for stream in next { try stream.receive(until: "\"content\":") }
            #expect(try client.chat().status == 429)
            for stream in next { #expect(try stream.readAnswer().events.last == "[DONE]") }
            try eventually(within: .seconds(30), "nothing is in flight") {
                try client.get("/metrics", key: nil).text.contains("charter_journal_unsettled 0\n")
            }
        }

        private static func open(_ client: TestClient, tokens: Int) throws -> TestConnection {
            try client.open(
                "POST", "/v1/chat/completions",
                body: #"{"model":"openai/gpt-4o","stream":true,"max_tokens":\#(tokens),"messages":[{"role":"user","content":"one two three"}]}"#,
                headers: ["x-simulate-pace": "5ms", "x-simulate-tokens": "\(tokens)", "x-simulate-first-token": "20ms"])
        }

        private static func go(after pieces: Int, _ client: TestClient) throws -> Gone {
            let stream = try open(client, tokens: tokens)
            stream.reset()
            // Before anything came, when all was sent.
            if pieces == 0 {
                usleep(10_000)
                return Gone(pieces: 0)
            }
            while stream.pieceCount < pieces { guard try stream.receive() else { break } }
            // The place of the one before may not be free yet.
            return stream.decision.map { Gone(pieces: stream.pieceCount, decision: $0) } ?? Gone(pieces: 0)
        }
    }
}
