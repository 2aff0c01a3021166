import Crypto
import Gateway
import TestKit
import Testing

extension GatewayFaults {
    /// Clients that ask at the same moment under a budget that only one of them fits in.
    @Suite struct BudgetRaceOnTheWire {
        private static let clients = 64

        @Test func `F13 of 64 requests at once on a budget that admits one, exactly one is served, again and again`() throws {
            let rounds = TestLength.of(30, long: 1_000)
            let platform = try Platform([StandardConfiguration.keyPath: Self.keys(rounds)], loops: 2)
            let port = platform.port
            let gate = Rendezvous(Self.clients)
            let answers = try inParallel(Self.clients, within: .seconds(600)) { _ in
                var connection: TestConnection?
                return (0..<rounds).map { round -> Int in
                    gate.wait()
                    return (try? Self.ask(round, on: &connection, port)) ?? 0
                }
            }
            for round in 0..<rounds {
                let statuses = answers.map { $0[round] }
                // Whom a busy machine keeps waiting for too long is turned away unheard.
                let heard = statuses.filter { $0 != 503 }
                if heard.isEmpty { continue }
                if heard.count(where: { $0 == 200 }) != 1 || heard.contains(where: { $0 != 200 && $0 != 429 }) {
                    Issue.record("round \(round): \(statuses)")
                }
            }
            let served = answers.flatMap { $0 }.count { $0 == 200 }
            #expect(served > rounds / 2)
            let rows = try platform.ledger(rows: served)
            #expect(rows.count == served)
            // What the provider saw is what was admitted.
            #expect(platform.folder.read("openai.log").split(separator: "\n").count == served)
        }

        /// One key for each round, whose budget a request of `body` fits in once, whether it is held or spent.
        private static func keys(_ rounds: Int) -> String {
            (0..<rounds).map { round in
                """
                apiVersion: charter/v1
                kind: APIKey
                metadata: { name: race-\(round) }
                spec:
                  owner: sam
                  scopes: [all]
                  secrets: [{ sha256: \(SHA256.digest(secret(round)).hex) }]
                  budget: { hard: \(["1 requests/month", "0.0015 USD/month", "180 tokens/month"][round % 3]) }
                """
            }.joined(separator: "\n---\n")
        }

        private static func secret(_ round: Int) -> String { "ck-race-\(round)" }

        /// 0.001 USD for its output, less than 0.0003 USD for its input.
        private static let body = #"{"model":"openai/gpt-4o","max_tokens":100,"messages":[{"role":"user","content":"one two three"}]}"#

        /// The status of an answer over a connection that is kept as long as the gateway keeps it. Every other winner is served at once.
        private static func ask(_ round: Int, on kept: inout TestConnection?, _ port: UInt16) throws -> Int {
            let connection = try kept ?? TestConnection(port: port)
            kept = nil
            try connection.send(
                "POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer \(secret(round))\r\nx-simulate-tokens: 100\r\n"
                    + "x-simulate-first-token: \(round % 2 * 30)ms\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            let answer = try connection.readOne()
            if answer.headers["connection"] != "close" { kept = connection }
            return answer.status
        }
    }
}
