import Spec
import Store
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
            found.reportedAt = newer.reportedAt
            #expect(found == newer)
            try transaction.query("UPDATE charter.gateway SET reported_at = now() - interval '1 hour'")
            #expect(try Replicas.list(transaction, within: .seconds(60)) == [])
            #expect(try Replicas.list(transaction).count == 1)
            try Replicas.remove(transaction, id: "g1")
            #expect(try Replicas.list(transaction) == [])
        }
    }
}
