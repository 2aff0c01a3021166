import Store
import TestKit
import Testing

/// `kill -9` of the real program at every named point, and what the next one finds.
struct FailpointTests {
    @Test(arguments: Failpoint.allCases)
    func `F1 killed there, the old or the new state is whole, the audit has just what was applied, and the next run converges`(point: Failpoint) throws {
        for turn in Provocation.turns(of: point) {
            let it = try Provocation(point, turn: turn)
            let scene = it.scene
            let killed = try it.run()
            #expect(killed, "it was not reached")
            try expectNothing(scene.whatIsWrong(drift: it.hasDrift))
            switch it.expectation {
            case .old: #expect(try scene.state() == it.before)
            case .new: #expect(try scene.state() != it.before)
            }
            try expectNothing(it.goOn())
            // A pooler ends the session of a client that went in its own time.
            try eventually(within: .seconds(10), "no session is left, and no lock") { try scene.sql(Self.sessions) == [] && scene.sql(Self.locks) == [] }
        }
    }

    /// Those that a rollback shares with an apply; its own are among all points above.
    @Test(arguments: [(Failpoint.midCopy, 1), (.midCopy, 2), (.midApply, 1)])
    func `a rollback killed there leaves the old state whole, and the next one does it`(point: Failpoint, turn: Int) throws {
        let scene = try FaultScene()
        try scene.apply()
        try scene.commit(2)
        try scene.apply()
        let before = try scene.state()
        #expect(try scene.charter("rollback", "1", "--reason", "it did harm", at: point, turn: turn).code == -9)
        try expectNothing(scene.whatIsWrong())
        #expect(try scene.state() == before)
        #expect(try scene.charter("rollback", "1", "--reason", "it did harm").code == 0)
        try expectNothing(scene.whatIsWrong())
        #expect(try scene.charter("resume").code == 0)
        try expectNothing(scene.converge())
        try eventually(within: .seconds(10), "no session is left") { try scene.sql(Self.sessions) == [] }
    }

    @Test func `a step of the schema is run whole or not at all, and the rest by the next migrate`() throws {
        for (point, turn) in [(Failpoint.midMigration, 1), (.midMigration, 9), (.betweenMigrations, 1), (.betweenMigrations, 15)] {
            let scene = try FaultScene(database: TestPostgres.shared.emptyDatabase())
            #expect(try scene.charter("migrate", at: point, turn: turn).code == -9)
            let steps = try scene.sql("SELECT count(*) FROM charter.schema_migration WHERE version > 0")
            #expect(steps == [point == .midMigration ? "\(turn - 1)" : "\(turn)"])
            #expect(try scene.charter("apply").errors.contains("charter migrate"))
            #expect(try scene.charter("migrate").code == 0)
            #expect(try scene.sql(Self.shape) == Self.freshShape())
            try expectNothing(scene.converge())
        }
    }

    private static func freshShape() throws -> [String] { try FaultScene().sql(shape) }

    private static let shape = """
        SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || coalesce(column_default, '') || is_nullable
        FROM information_schema.columns WHERE table_schema = 'charter' AND table_name !~ '^usage_2' ORDER BY 1
        """

    private static let locks = """
        SELECT l.mode || ' on ' || l.relation::regclass FROM pg_locks l
        WHERE l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND l.relation IS NOT NULL AND l.pid <> pg_backend_pid()
        """

    private static let sessions = """
        SELECT query FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
            AND backend_type = 'client backend' AND state <> 'idle'
        """
}
