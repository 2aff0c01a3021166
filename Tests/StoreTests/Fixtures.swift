import Crypto
import Spec
import Store
import TestKit

/// Values that most tests need.
enum Fixtures {
    static func connection() throws -> Connection { try Connection(TestPostgres.shared.freshDatabase()) }

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
}
