import Crypto
import Spec
import TestKit

@testable import Store

/// Values that most tests need.
enum Fixtures {
    static func connection() throws -> Connection { try Connection(TestPostgres.shared.freshDatabase()) }

    /// To a database as it was before a step of the schema.
    static func connection(before step: Migration) throws -> Connection {
        let connection = try Connection(TestPostgres.shared.emptyDatabase())
        _ = try Migrations.migrate(connection, to: Array(Migrations.all.prefix { $0.version < step.version }))
        return connection
    }

    static func key(_ name: String, org: String? = "acme", _ kind: Kind = .apiKey) -> ResourceKey {
        ResourceKey(org: org, kind: kind, name: name)
    }

    static func resource(_ name: String, _ canonical: String = #"{"spec":{"owner":"sam"}}"#, revision: Int64 = 1) -> StoredResource {
        StoredResource(key: key(name), uid: SecureRandom.uuid(), canonical: canonical, revision: revision, unit: "main")
    }

    static func revision(_ id: Int64, parent: Int64? = nil, digest: String = StateDigest().hex) -> Revision {
        Revision(
            id: id, unit: "main", commit: "c\(id)", parent: parent, author: "Ada <ada@acme.test>", message: "Change \(id)\n\nWhy",
            committedAt: Instant(milliseconds: 1_700_000_000_123), appliedAt: Instant(milliseconds: 0),
            vector: ["main": "c\(id)", "odd \"unit\"": "é\\"], stateDigest: digest, minEngine: "0.1",
            counts: ChangeCounts(created: 1, updated: 2, renamed: 3, deleted: 4))
    }

    /// Blocks until a session of this database waits for a lock; asks on a connection of its own, since a transaction
    /// sees the other sessions as they were at its first look.
    static func awaitLockWaiter(in url: String) throws {
        let observer = try Connection(url)
        try eventually(within: .seconds(30), "a session waits for a lock") {
            try observer.transaction {
                try $0.query(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
                )[0].integer(0) == 1
            }
        }
    }
}
