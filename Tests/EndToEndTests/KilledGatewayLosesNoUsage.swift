import Foundation
import Glibc
import TestKit
import Testing

extension EndToEnd {
    struct KilledGatewayLosesNoUsage {
        private let callers = 6

        @Test func `after kill -9 under load and a restart, the ledger equals the providers' logs`() throws {
            let platform = try Platform()
            let load = try Subprocess(["bash", "-c", loadScript(platform)])
            // Some calls must have ended and some be under way.
            try eventually(within: .seconds(30), "calls are served") { platform.served.openAI.count >= 20 }
            platform.gateway.kill(SIGKILL)
            #expect(platform.gateway.wait(within: .seconds(10)) == -SIGKILL)
            try platform.restartGateway()
            #expect(load.wait(within: .seconds(60)) == 0)

            let served = (platform.served.openAI + platform.served.groq).filter { $0.status == 200 }
            #expect(Set(served.map(\.requestId)).count == served.count, "no attempt reached a provider twice")
            var booked: [String: Booked] = [:]
            try eventually(within: .seconds(20), "every answer is booked") {
                booked = try ledger(platform)
                return served.allSatisfy { booked[$0.requestId] != nil } && !booked.isEmpty
            }
            for request in served { try expectEqual(request, try #require(booked[request.requestId])) }
            let logged = Set(served.map(\.requestId))
            #expect(
                booked.filter { !$0.value.estimated && !logged.contains($0.key) } == [:],
                "nothing is booked that was never served")
            #expect(booked.values.count { $0.estimated } <= callers, "only what was under way is estimated")
        }

        private func expectEqual(_ request: ServedRequest, _ row: Booked) throws {
            #expect(row.count == 1, "\(request.requestId) is booked \(row.count) times")
            if !request.complete { #expect(row.estimated, "a cut answer is marked estimated") }
            guard !row.estimated else { return }
            #expect(row.input == request.promptTokens && row.output == request.completionTokens)
        }

        private struct Booked: Hashable {
            var count: Int
            var estimated: Bool
            var input: Int64
            var output: Int64
        }

        private func ledger(_ platform: Platform) throws -> [String: Booked] {
            let rows = try platform.sql(
                """
                SELECT decision || '-' || attempt, count(*), bool_or(estimated), sum(input), sum(output)
                FROM charter.usage WHERE status = 200 OR estimated GROUP BY 1
                """)
            return Dictionary(
                uniqueKeysWithValues: rows.map { row in
                    let parts = row.split(separator: "|").map(String.init)
                    return (
                        parts[0],
                        Booked(
                            count: Int(parts[1]) ?? 0, estimated: parts[2] == "t", input: Int64(parts[3]) ?? -1,
                            output: Int64(parts[4]) ?? -1)
                    )
                })
        }

        /// Calls one after another from each of `callers` at once, every third as a stream; failures are what the kill brings.
        private func loadScript(_ platform: Platform) -> String {
            """
            load() {
                for number in $(seq 1 60); do
                    curl -s -o /dev/null --max-time 20 http://127.0.0.1:\(platform.port)/v1/chat/completions \
                        -H 'authorization: Bearer \(platform.key)' -H 'content-type: application/json' \
                        -d '{"model":"assistant","stream":'$([ $((number % 3)) = 0 ] && echo true || echo false)',"messages":[{"role":"user","content":"Count to '$number'"}]}'
                done
                true
            }
            for caller in $(seq \(callers)); do load & done
            wait
            """
        }
    }
}
