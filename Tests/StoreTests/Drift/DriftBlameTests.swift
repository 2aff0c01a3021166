import Crypto
import Spec
import TestKit
import Testing

@testable import Store

extension DriftWrites {
    /// The newest first.
    fileprivate static func list(_ transaction: Transaction, limit: Int) throws -> [DriftWrite] {
        try transaction.query("SELECT \(columns("w")) FROM charter.drift_write w ORDER BY w.id DESC LIMIT $1", [.integer(Int64(limit))])
            .map { try DriftWrite($0, from: 0) }
    }
}

/// What PostgreSQL notes of hands, on real triggers.
@Suite struct DriftBlameTests {
    let url: String
    let connection: Connection

    init() throws {
        url = try TestPostgres.shared.freshDatabase()
        connection = try Connection(url)
        try connection.transaction { try DriftBlame.begin($0) }
    }

    private func apply(_ resources: [StoredResource]) throws {
        try connection.transaction { transaction in
            _ = try Revisions.next(transaction)
            try Resources.upsert(transaction, resources)
        }
    }

    private func hand(_ statement: String) throws {
        try connection.transaction { transaction in try transaction.run(script: statement) }
    }

    private var writes: [DriftWrite] {
        get throws { try connection.transaction { try DriftWrites.list($0, limit: 100) }.reversed() }
    }

    @Test func `an apply is not noted, and a hand under the same role is, with all that tells who it was`() throws {
        let resource = Fixtures.resource("checkout")
        try apply([resource])
        #expect(try writes == [])
        try hand("UPDATE charter.resource SET canonical = replace(canonical, 'sam', 'eve') /* sam */ WHERE name = 'checkout' AND revision < 17")
        let found = try writes
        let write = try #require(found.first)
        #expect(found.count == 1)
        #expect(write.uid == resource.uid && write.operation == "UPDATE" && write.rows == 1 && write.relation == "resource")
        #expect(write.statement == "UPDATE charter.resource SET canonical = replace(canonical, ?, ?) ? WHERE name = ? AND revision < ?")
        #expect(write.application == "charter" && !write.sessionRole.isEmpty && write.actingRole == write.sessionRole)
        #expect(write.transaction > 0 && write.at.milliseconds > 0)
        let digests = try connection.transaction { try $0.query("SELECT before_digest, after_digest FROM charter.drift_write")[0] }
        #expect(try digests.digest(0) == StateDigest.row(resource.key, resource.canonical))
        #expect(try digests.digest(1) == StateDigest.row(resource.key, resource.canonical.replacing("sam", with: "eve")))
    }

    @Test func `rows that come, go or change their lineage are noted one by one, and TRUNCATE as a whole`() throws {
        let (one, two) = (Fixtures.resource("one"), Fixtures.resource("two"))
        try apply([one, two])
        let other = SecureRandom.uuid()
        try hand("UPDATE charter.resource SET uid = '\(other)' WHERE name = 'one'")
        try hand("DELETE FROM charter.resource WHERE name = 'two'")
        try hand("TRUNCATE charter.resource")
        let found = try writes
        #expect(found.map(\.operation) == ["UPDATE", "UPDATE", "DELETE", "TRUNCATE"])
        #expect(Set(found.prefix(2).map(\.uid)) == [one.uid, other])
        #expect(found[2].uid == two.uid && found[3].uid == nil && found[3].rows == nil)
    }

    @Test(arguments: ["lineage", "provenance", "history"])
    func `what an apply writes beside resources is watched too`(table: String) throws {
        try hand(
            """
            INSERT INTO charter.lineage VALUES ('00000000-0000-4000-8000-000000000001', 'acme', 'Budget', 'team', 1);
            INSERT INTO charter.provenance VALUES ('00000000-0000-4000-8000-000000000001', 1, 'a.yaml', 'b', 1, 1, '{}', 'c', 'd', now(), 'e');
            INSERT INTO charter.history VALUES ('00000000-0000-4000-8000-000000000001', 1, '', 'set', '{}', 'acme', 'Budget', 'team');
            """)
        try hand("DELETE FROM charter.\(table)")
        let write = try #require(try writes.last)
        #expect(write.relation == table && write.operation == "DELETE" && write.uid == "00000000-0000-4000-8000-000000000001")
    }

    @Test func `a statement over more rows than are told apart is one note`() throws {
        try hand(
            """
            INSERT INTO charter.resource SELECT '', 'Model', 'm' || i, gen_random_uuid(), '{}', sha256('x'), 1, 'main'
            FROM generate_series(1, 10001) i
            """)
        let found = try writes
        #expect(found.count == 1)
        #expect(found.first?.uid == nil && found.first?.rows == 10_001)
    }

    @Test func `a role without any right to what is noted can still write, and is named`() throws {
        try apply([Fixtures.resource("checkout")])
        let role = "hand_" + SecureRandom.uuid().filter { $0 != "-" }
        try hand(
            """
            CREATE ROLE \(role); GRANT USAGE ON SCHEMA charter TO \(role); GRANT SELECT, UPDATE ON charter.resource TO \(role);
            SET LOCAL ROLE \(role); UPDATE charter.resource SET unit = 'other'; RESET ROLE;
            DROP OWNED BY \(role); DROP ROLE \(role);
            """)
        let write = try #require(try writes.last)
        #expect(write.actingRole == role && write.sessionRole != role)
    }

    @Test func `a note that cannot be written does not keep the hand from writing`() throws {
        try apply([Fixtures.resource("checkout")])
        try hand("ALTER TABLE charter.drift_write ADD CHECK (operation <> 'UPDATE')")
        try hand("UPDATE charter.resource SET unit = 'other'")
        #expect(try connection.transaction { try Resources.all($0).first?.unit } == "other")
        #expect(try writes == [])
    }

    @Test func `it can be begun twice, tells when a trigger is missing or disabled, and ends`() throws {
        func standing() throws -> DriftBlame { try connection.transaction { try DriftBlame.standing($0) } }
        try connection.transaction { try DriftBlame.begin($0) }
        #expect(try standing() == .on)
        try hand("ALTER TABLE charter.resource DISABLE TRIGGER drift_blame_update")
        #expect(try standing() == .partial)
        try connection.transaction { try DriftBlame.end($0) }
        #expect(try standing() == .off)
        try apply([Fixtures.resource("checkout")])
        try hand("UPDATE charter.resource SET unit = 'other'")
        #expect(try writes == [])
    }

    @Test(arguments: [
        (#"UPDATE a SET b = 'it''s secret', c = 1.5e3"#, "UPDATE a SET b = ?, c = ?"),
        (#"UPDATE a SET b = E'x\'y', c = 'secret'"#, "UPDATE a SET b = E?"),
        (#"UPDATE "a'b" SET c = 'secret'"#, "UPDATE ? SET c = ?"),
        ("/* /* */ ' */ UPDATE a SET b = 'secret'", "?"),
        ("UPDATE a SET b = $q$secret$q$, c = 'secret'", "UPDATE a SET b = ?"),
        ("UPDATE a -- secret\nSET b1 = $1", "UPDATE a ? SET b1 = $?"),
        ("UPDATE a SET b = 'secret", "UPDATE a SET b = ?"),
        ("UPDATE a /* secret", "UPDATE a ?"),
    ])
    func `a statement is kept without what it says`(statement: String, kept: String) throws {
        let found = try connection.transaction { try $0.query("SELECT charter.redacted_statement($1)", [.text(statement)])[0].text(0) }
        #expect(found == kept)
    }

    @Test func `what was noted is removed after 90 days`() throws {
        try apply([Fixtures.resource("checkout")])
        try hand("UPDATE charter.resource SET unit = 'other'; UPDATE charter.resource SET unit = 'third'")
        try hand("UPDATE charter.drift_write SET at = now() - interval '91 days' WHERE id = (SELECT min(id) FROM charter.drift_write)")
        try connection.transaction { try DriftWrites.prune($0) }
        #expect(try writes.count == 1)
    }
}

/// From step 33 to 34 with a row that is applied already.
@Suite struct DriftWritesMigrationTests {
    @Test func `rows stay as they are, and nothing is noted before somebody asks for it`() throws {
        let connection = try Fixtures.connection(before: .driftWrites)
        let resource = Fixtures.resource("checkout")
        try connection.transaction { try Resources.upsert($0, [resource]) }
        #expect(try Migrations.migrate(connection).map(\.version).first == Migration.driftWrites.version)
        #expect(try connection.transaction { try Resources.all($0) } == [resource])
        #expect(try connection.transaction { try DriftBlame.standing($0) } == .off)
        #expect(try connection.transaction { try DriftWrites.list($0, limit: 1) } == [])
    }
}
