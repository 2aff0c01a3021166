import Glibc
import Store
import TestKit
import Testing

extension GatewayFaults {
    /// Disks that are full or refuse, under the journal and under PostgreSQL.
    @Suite(.serialized) struct DiskFaults {
        private func metric(_ scene: GatewayScene, _ line: String) throws -> Bool {
            try scene.client.get("/metrics", key: nil).text.contains(line + "\n")
        }

        @Test(.enabled(if: SmallDisk.isPossible || TestLength.isLong, "needs the right to mount"))
        func `F8 on a full disk nothing is served that a budget bounds, and when there is room all goes on and all is booked`() throws {
            let disk = try SmallDisk(megabytes: 8)
            let scene = try GatewayScene(state: disk.path + "/state")
            let load = try scene.load()
            try Connection(scene.platform.database).transaction(timeout: .seconds(120)) { transaction in
                // Nothing is shipped, so nothing makes room.
                try transaction.query("SELECT FROM charter.ledger_lock FOR UPDATE")
                try disk.fill()
                try eventually(within: .seconds(60), "budgets are closed: \(scene.gateway.process.errors)") {
                    let answer = try scene.client.chat()
                    return answer.status == 503 && answer.json("error", "code") == "journal_unavailable"
                }
                #expect(try metric(scene, "charter_journal_failing 1"))
                _ = load.take()
                usleep(500_000)
                #expect(Set(load.take().statuses.keys) == [503], "it stays so")
                try disk.free()
                try eventually(within: .seconds(30), "it serves again: \(scene.gateway.process.errors)") { try scene.client.chat().status == 200 }
                try scene.awaitServed(20, by: load)
            }
            let outcome = try load.finish()
            #expect(try metric(scene, "charter_journal_failing 0"))
            try scene.expectExact(after: outcome)
        }

        @Test(.enabled(if: SmallDisk.isPossible || TestLength.isLong, "needs the right to mount"))
        func `F8 with PostgreSQL's own disk full requests are served, and all is booked when there is room`() throws {
            let disk = try SmallDisk(megabytes: 192)
            let server = try ControlledPostgres(parent: disk.path)
            let scene = try GatewayScene(database: server.url())
            let load = try scene.load()
            try disk.fill()
            try eventually(within: .seconds(60), "PostgreSQL is out of room") { scene.gateway.process.errors.contains("No space left on device") || !scene.gateway.logged("usage waits in the journal").isEmpty }
            try scene.awaitServed(50, by: load)
            try disk.free()
            // One that could not write its log any more ended itself.
            if (try? Connection(server.url()).transaction { _ = try $0.query("SELECT 1") }) == nil { try server.start() }
            try scene.awaitServed(20, by: load)
            let outcome = try load.finish()
            #expect(Set(outcome.statuses.keys) == [200], "\(outcome.statuses)")
            try scene.expectExact(after: outcome, within: .seconds(120))
        }

        /// The place of a call in `disk.c`.
        enum Call: Int, CaseIterable, Sendable { case write, sync, truncate, create }

        private static let error = 4
        /// Where the counts of refused calls begin.
        private static let refused = 5

        @Test(arguments: Call.allCases, [ENOSPC, EIO]) func `F8 a disk that refuses one call, or all for a while, costs no row`(call: Call, code: Int32) throws {
            let shim = try Preload(.disk)
            shim.set(Self.error, to: Int64(code))
            let scene = try GatewayScene(environment: shim.environment)
            let load = try scene.load()
            for count in [1, 2, -1] as [Int64] {
                for each in Call.allCases { shim.set(Self.refused + each.rawValue, to: 0) }
                var ordered = [call]
                // What is written in part is cut off again, which may fail too.
                if call == .truncate { ordered.append(.write) }
                // A segment that could not be synchronized is followed by another.
                if call == .create { ordered.append(.sync) }
                shim.set(call.rawValue, to: count)
                for cause in ordered.dropFirst() { shim.set(cause.rawValue, to: -1) }
                try eventually(within: .seconds(30), "each of \(ordered) was refused: \(scene.gateway.process.errors)") {
                    ordered.allSatisfy { shim.value(Self.refused + $0.rawValue) > 0 }
                }
                usleep(200_000)
                for each in ordered { shim.set(each.rawValue, to: 0) }
                try eventually(within: .seconds(30), "it serves again: \(scene.gateway.process.errors)") { try scene.client.chat().status == 200 }
                try scene.awaitServed(20, by: load)
            }
            let outcome = try load.finish()
            #expect(Set(outcome.statuses.keys).isSubset(of: [200, 503]), "\(outcome.statuses)")
            try scene.expectExact(after: outcome)
        }
    }
}
