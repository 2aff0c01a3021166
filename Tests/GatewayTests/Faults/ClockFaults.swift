import Foundation
import Glibc
import Spec
import Store
import TestKit
import Testing

extension GatewayFaults {
    /// A gateway whose wall clock is wrong, jumps, and is not that of PostgreSQL.
    @Suite(.serialized) struct ClockFaults {
        /// Ends of days that are ends of more than days.
        struct Midnight: CustomTestStringConvertible, Sendable {
            var last: String
            var zone: String
            var testDescription: String { "\(last) \(zone)" }

            /// Milliseconds of the first moment after it, UTC.
            var end: Int64 {
                let format = Date.ISO8601FormatStyle()
                return Int64(((try? format.parse(last)) ?? .distantPast).timeIntervalSince1970 * 1_000) + 1_000
            }
        }

        private static let midnights = [
            Midnight(last: "2028-02-29T23:59:59Z", zone: "UTC"), Midnight(last: "2027-03-28T21:59:59Z", zone: "Europe/Berlin"),
            Midnight(last: "2027-10-31T22:59:59Z", zone: "Europe/Berlin"), Midnight(last: "2026-12-31T23:59:59Z", zone: "UTC"),
        ]

        private static var now: Int64 {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
        }

        /// Asks until it is refused; how many were served.
        private func take(_ client: TestClient) throws -> Int {
            for served in 0... {
                let answer = try client.chat()
                if answer.status == 429 { return served }
                guard answer.status == 200 else { throw TestClient.Failure(call: "status \(answer.status)") }
            }
            return 0
        }

        @Test(arguments: midnights) func `F12 a day's budget is whole once a day, however often the clock passes midnight`(midnight: Midnight) throws {
            let clock = try Preload(.clock)
            // A minute before the day ends.
            let before = midnight.end - 60_000 - Self.now
            clock.set(0, to: before)
            let spec = "  budget: { hard: 3 requests/day, zone: \(midnight.zone) }\n"
            let platform = try Platform([StandardConfiguration.keyPath: StandardConfiguration.key(spec: spec)], gateway: false)
            let gateway = try GatewayProgram(platform, environment: clock.environment)
            try gateway.awaitReady()
            #expect(try take(gateway.client) == 3)
            clock.set(0, to: before + 70_000)
            try eventually(within: .seconds(10), "the day is over") { try gateway.client.chat().status == 200 }
            #expect(try take(gateway.client) == 2)
            // Back and forth over midnight, by five minutes and by an hour.
            for jump in [-300_000, 70_000, -3_600_000, 80_000] as [Int64] {
                clock.set(0, to: before + jump)
                #expect(try take(gateway.client) == 0, "after \(jump)")
            }
            gateway.process.kill(SIGTERM)
            #expect(gateway.process.wait(within: .seconds(30)) == 0, "\(gateway.process.errors)")
            let connection = try Connection(platform.database)
            let days = try connection.transaction { transaction in
                try transaction.query("SELECT (at < $1)::int, count(*) FROM charter.usage WHERE status = 200 GROUP BY 1 ORDER BY 1", [.instant(Instant(milliseconds: midnight.end))])
                    .map { row in try [row.integer(0), row.integer(1)] }
            }
            #expect(days == [[0, 3], [1, 3]])
        }

        @Test func `F12 a clock a month ahead of PostgreSQL's, set right under load, loses no row and holds nobody up`() throws {
            let clock = try Preload(.clock)
            clock.set(0, to: 31 * 86_400_000)
            let scene = try GatewayScene(spec: "  limits: [100000 requests/min, 5000 requests/sec]\n", environment: clock.environment)
            let load = try scene.load()
            for offset in [31 * 86_400_000 + 3_600_000, 31 * 86_400_000 - 3_600_000, 31 * 86_400_000 - 300_000, 0] as [Int64] {
                clock.set(0, to: offset)
                // A limit that waited for the clock to be where it was would be closed for an hour.
                try scene.awaitServed(30, by: load)
            }
            let outcome = try load.finish()
            #expect(Set(outcome.statuses.keys) == [200], "\(outcome.statuses)")
            try scene.expectExact(after: outcome)
        }
    }
}
