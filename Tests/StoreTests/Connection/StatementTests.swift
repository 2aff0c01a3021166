import Spec
import Store
import TestKit
import Testing

/// What PostgreSQL is told, by its own log.
@Suite struct StatementTests {
    private static let canary = "canary'; DROP TABLE charter.usage; --"

    @Test func `texts from outside reach PostgreSQL as parameters and never in a statement`() throws {
        let server = try ControlledPostgres(settings: ["log_statement=all", "log_parameter_max_length=0"])
        let connection = try Connection(server.url())
        let usage = UsageFixtures()
        let epoch = try connection.mintEpoch()
        #expect(try connection.ship([usage.row(model: Self.canary, decision: Self.canary, requestedModel: Self.canary)], epoch: epoch, to: 10))
        try connection.transaction { transaction in
            try Units.ensure(transaction, name: "main", repository: Self.canary, folder: Self.canary)
            let id = try Revisions.next(transaction)
            let key = ResourceKey(org: "acme", kind: .budget, name: Self.canary)
            let canonical = #"{"note":"\#(Self.canary)"}"#
            try Resources.upsert(transaction, [StoredResource(key: key, uid: usage.org, canonical: canonical, revision: id, unit: "main")])
            #expect(try Resources.all(transaction).map(\.key) == [key])
            try Resources.delete(transaction, [key])
        }
        #expect(try connection.sums(UsageSubject(orgUID: usage.org, models: [Self.canary])).attempts == 1)
        let log = server.log
        #expect(log.contains("INSERT INTO charter.") && log.contains("$1"))
        #expect(!log.contains("canary"), "\(log.split(separator: "\n").first { $0.contains("canary") } ?? "")")
    }
}
