import Crypto
import Spec
import Testing

@testable import Store

/// To step 36 with overrides that were written by hand before anything enforced them.
@Suite struct OverridesMigrationTests {
    @Test func `old overrides keep their target by name, and one whose target nobody knows is over`() throws {
        let connection = try Fixtures.connection(before: .overridesInForce)
        let (known, unknown, ended) = (SecureRandom.uuid(), SecureRandom.uuid(), SecureRandom.uuid())
        let lineage = SecureRandom.uuid()
        try connection.transaction { transaction in
            try Lineages.mint(transaction, [(uid: lineage, key: ResourceKey(org: "acme", kind: .budget, name: "monthly"))], revision: 1)
            for (uid, target, patch, end) in [
                (known, lineage, #"{"/spec/hard": "400 USD/month"}"#, nil), (unknown, SecureRandom.uuid(), #"{"/spec/hard": "1 USD/day"}"#, nil),
                (ended, lineage, "{}", "now()"),
            ] as [(String, String, String, String?)] {
                try transaction.query(
                    """
                    INSERT INTO charter.override (uid, org, target_uid, patch, owner, reason, base_revision, expires_at, ended_at)
                    VALUES ($1, 'acme', $2, $3, 'ada', 'old', 1, now() + interval '1 hour', \(end ?? "NULL"))
                    """, [.text(uid), .text(target), .text(patch)])
            }
        }
        #expect(try Migrations.migrate(connection).map(\.version).first == Migration.overridesInForce.version)
        try connection.transaction { transaction in
            let inForce = try Overrides.inForce(transaction, .everything)
            #expect(inForce.map(\.uid) == [known])
            #expect(inForce.first?.target == ResourceKey(org: "acme", kind: .budget, name: "monthly"))
            #expect(inForce.first?.effect == .patch(ResourcePatch(["/spec/hard": #""400 USD/month""#])))
            #expect(Set(try Overrides.list(transaction, .everything, limit: 9).map(\.uid)) == [known, unknown, ended])
            #expect(try Overrides.pulse(transaction).sequence == 3)
            // What the elements of its lists said then is not known.
            let old = try transaction.query("SELECT elements::text, change_uid FROM charter.override")
            #expect(old.allSatisfy { $0.textOrNil(0) == "{}" && $0.textOrNil(1) == nil })
        }
    }
}
