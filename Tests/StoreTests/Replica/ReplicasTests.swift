import Spec
import Store
import TestKit
import Testing

@Suite struct ReplicasTests {
    @Test func `the last report of each gateway stands, until it says goodbye`() throws {
        let report = Replica(
            id: "g1", epoch: 3, revision: 7, stateDigest: String(repeating: "ab", count: 32), version: "0.1",
            startedAt: Instant(milliseconds: 1_700_000_000_000))
        try Fixtures.connection().transaction { transaction in
            try Replicas.report(transaction, report)
            var newer = report
            newer.revision = 8
            try Replicas.report(transaction, newer)
            var found = try #require(try Replicas.list(transaction, within: .seconds(60)).first)
            #expect(found.reportedAt > report.startedAt)
            #expect(found.since >= report.startedAt)
            found.reportedAt = newer.reportedAt
            found.since = newer.since
            #expect(found == newer)
            try transaction.query("UPDATE charter.gateway SET reported_at = now() - interval '1 hour'")
            #expect(try Replicas.list(transaction, within: .seconds(60)) == [])
            #expect(try Replicas.list(transaction).count == 1)
            try Replicas.remove(transaction, id: "g1")
            #expect(try Replicas.list(transaction) == [])
        }
    }

    @Test func `the time since which a revision is reported moves with it, and not with every report`() throws {
        var report = Replica(
            id: "g1", epoch: 3, revision: 7, stateDigest: String(repeating: "ab", count: 32), version: "0.1",
            startedAt: Instant(milliseconds: 1_700_000_000_000))
        let connection = try Fixtures.connection()
        func since() throws -> Instant {
            try connection.transaction { transaction in
                try Replicas.report(transaction, report)
                return try #require(try Replicas.list(transaction).first).since
            }
        }
        let first = try since()
        try eventually(within: .seconds(5)) { try connection.transaction { try $0.clock() } > first }
        #expect(try since() == first)
        report.revision = 8
        let second = try since()
        #expect(second > first)
        #expect(try since() == second)
    }
}
