import Testing
import TestKit

@testable import Store

@Suite struct MigrationsTests {
    @Test func `brings an empty database to the newest version, and does nothing the second time`() throws {
        let connection = try Connection(TestPostgres.shared.emptyDatabase())
        #expect(throws: SchemaMismatch.notMigrated) { try Migrations.check(connection) }
        #expect(try Migrations.migrate(connection).map(\.version) == Migrations.all.map(\.version))
        #expect(try Migrations.migrate(connection).isEmpty)
        try Migrations.check(connection)
    }

    @Test func `the steps are numbered without a gap`() {
        #expect(Migrations.all.map(\.version) == Array(1...Int64(Migrations.all.count)))
    }

    @Test func `refuses a step whose text was changed after it was run`() throws {
        let connection = try Fixtures.connection()
        try connection.transaction { try $0.query("UPDATE charter.schema_migration SET checksum = 'x' WHERE version = 3") }
        #expect(throws: SchemaMismatch.changed(version: 3, name: "resources")) { try Migrations.check(connection) }
        #expect(throws: SchemaMismatch.changed(version: 3, name: "resources")) { try Migrations.migrate(connection) }
    }

    @Test func `refuses a schema newer than the program`() throws {
        let connection = try Fixtures.connection()
        let last = try #require(Migrations.all.last?.version)
        let future = Migration(version: last + 1, name: "future", sql: "SELECT 1")
        #expect(try Migrations.migrate(connection, to: Migrations.all + [future]).map(\.name) == ["future"])
        #expect(throws: SchemaMismatch.newer(version: last + 1, known: last)) { try Migrations.check(connection) }
        #expect(throws: SchemaMismatch.newer(version: last + 1, known: last)) { try Migrations.migrate(connection) }
    }

    @Test func `says when a database is behind the program`() throws {
        let connection = try Connection(TestPostgres.shared.emptyDatabase())
        _ = try Migrations.migrate(connection, to: Array(Migrations.all.prefix(2)))
        let last = try #require(Migrations.all.last?.version)
        #expect(throws: SchemaMismatch.behind(version: 2, wanted: last)) { try Migrations.check(connection) }
    }

    @Test func `a step that fails leaves the schema as it was`() throws {
        let connection = try Fixtures.connection()
        let last = try #require(Migrations.all.last?.version)
        let broken = Migration(version: last + 1, name: "broken", sql: "CREATE TABLE charter.half (); SELECT 1/0")
        #expect(throws: DatabaseError.self) { try Migrations.migrate(connection, to: Migrations.all + [broken]) }
        try Migrations.check(connection)
        let exists = try connection.transaction { try $0.query("SELECT to_regclass('charter.half') IS NOT NULL")[0].boolean(0) }
        #expect(!exists)
    }

    @Test func `of many runners at once exactly one runs each step`() throws {
        let url = try TestPostgres.shared.emptyDatabase()
        let ran = try inParallel(4) { _ in try Migrations.migrate(Connection(url)).map(\.version) }
        #expect(ran.flatMap { $0 }.sorted() == Migrations.all.map(\.version))
    }

    @Test func `every table and every function has a comment`() throws {
        let missing = try Fixtures.connection().transaction { transaction in
            try transaction.query(
                """
                SELECT relname FROM pg_class WHERE relnamespace = 'charter'::regnamespace AND relkind IN ('r', 'p')
                    AND obj_description(oid, 'pg_class') IS NULL
                UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'charter'::regnamespace
                    AND obj_description(oid, 'pg_proc') IS NULL
                """
            ).map { $0.textOrNil(0) ?? "" }
        }
        #expect(missing == [])
    }
}
