import Glibc
import Store
import TestKit
import Testing

extension GatewayFaults {
    /// The gateway itself killed and started again.
    @Suite(.serialized) struct ProcessFaults {
        /// What a request of 1,000 tokens at `openai/gpt-4o` holds at most: 0.01 USD of output and its input.
        private static let hold: Int64 = 10_500_000
        private static let body = #"{"model":"openai/gpt-4o","max_tokens":1000,"messages":[{"role":"user","content":"one two three"}]}"#

        private func spent(_ scene: GatewayScene) throws -> Int64 {
            try Connection(scene.platform.database).transaction {
                try $0.query("SELECT coalesce(sum(cost), 0)::bigint FROM charter.usage")[0].integer(0)
            }
        }

        /// Asks for answers that cost what they hold, until the budget has no room for another. Answers how many were given.
        @discardableResult
        private func exhaust(_ scene: GatewayScene) throws -> Int {
            var served = 0
            try eventually(within: .seconds(180), "the budget is spent: \(scene.gateway.process.errors)") {
                let answer = try scene.client.send(
                    "POST", "/v1/chat/completions", body: Self.body, headers: ["x-simulate-tokens": "1000"])
                if answer.status == 200 { served += 1 }
                guard answer.status == 429 else { return false }
                return answer.json("error", "code")?.hasPrefix("budget") == true || answer.json("error", "type") == "insufficient_quota"
            }
            return served
        }

        private func stream(_ scene: GatewayScene, pace: String, tokens: Int) throws -> TestConnection {
            let stream = try scene.client.open(
                "POST", "/v1/chat/completions", body: Self.body.dropLast() + #","stream":true}"#,
                headers: ["x-simulate-pace": pace, "x-simulate-tokens": "\(tokens)"])
            try stream.receive(until: "\"content\":")
            return stream
        }

        /// Reads on until what the client has by now is on record, and answers how much that is. A stream's progress is recorded with the first
        /// piece that comes 250 ms after the last record; and by its number a piece is known not to have been made before its time.
        private func recordedPieces(_ stream: TestConnection, since begun: ContinuousClock.Instant) throws -> Int64 {
            try receive(50, of: stream)
            let count = stream.pieceCount
            try receive(Int((ContinuousClock.now - begun + .milliseconds(300)) / .milliseconds(10)) + 2, of: stream)
            return Int64(count)
        }

        private func receive(_ pieces: Int, of stream: TestConnection) throws {
            while stream.pieceCount < pieces {
                let more = stream.receivedCount + 1_000
                while stream.receivedCount < more { try #require(try stream.receive()) }
            }
        }

        @Test func `F15 kill -9 in the middle of streams frees their places, and neither refills the budget nor eats of it`() throws {
            let hard: Int64 = 200_000_000
            let scene = try GatewayScene(budget: "0.2 USD/month", spec: "  limits: [4 concurrent]\n")
            let begun = ContinuousClock.now
            let cut = try (0..<4).map { _ in try stream(scene, pace: "10ms", tokens: 1_000) }
            #expect(try scene.client.chat().status == 429)
            let recorded = try Dictionary(uniqueKeysWithValues: cut.map { (try #require($0.decision), try recordedPieces($0, since: begun)) })
            try scene.restart(SIGKILL)
            var next: [TestConnection] = []
            try eventually(within: .seconds(30), "four more are let in: \(scene.gateway.process.errors)") {
                next.append(try stream(scene, pace: "0", tokens: 20))
                return next.count >= 4
            }
            for stream in next { #expect(try stream.readAnswer().events.last == "[DONE]") }
            let rows = try scene.platform.ledger(rows: 8)
            #expect(rows.filter(\.isEstimated).count == 4)
            for row in rows where row.isEstimated {
                let least = try #require(recorded[row.decision])
                #expect(row.output >= least && row.output <= 1_000, "\(row), and \(least) were on record")
            }
            let booked = try scene.platform.ledger(rows: 8 + exhaust(scene))
            var outcome = MixedLoad.Outcome()
            outcome.served = Set(booked.filter { $0.status == 200 }.map(\.decision))
            try scene.expectExact(after: outcome)
            let spent = try spent(scene)
            #expect(spent <= hard, "it was refilled")
            #expect(spent > hard - Self.hold, "\(hard - spent) of it cannot be spent")
        }

        @Test func `F16 restarts in the middle of spending, every other one a kill, leave a hard budget what it was`() throws {
            let hard: Int64 = TestLength.of(1_000_000_000, long: 5_000_000_000)
            let scene = try GatewayScene(budget: TestLength.of("1 USD/month", long: "5 USD/month"))
            let load = try scene.load()
            var known: Int64 = 0
            for round in 0..<TestLength.of(4, long: 10) {
                try scene.awaitServed(TestLength.of(25, long: 100), by: load)
                try scene.restart(round.isMultiple(of: 2) ? SIGKILL : SIGTERM)
                try scene.awaitServed(1, by: load)
                let now = try spent(scene)
                #expect(now >= known)
                known = now
            }
            let outcome = try load.finish()
            #expect(Set(outcome.statuses.keys).isSubset(of: [200, 0, 429, 503]), "\(outcome.statuses)")
            try exhaust(scene)
            try scene.expectExact(after: outcome)
            let spent = try spent(scene)
            #expect(spent <= hard, "it was refilled")
            #expect(spent > hard - Self.hold, "\(hard - spent) of it cannot be spent")
        }
    }
}
