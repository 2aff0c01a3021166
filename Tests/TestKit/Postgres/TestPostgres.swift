internal import Glibc
internal import Store
internal import Synchronization

/// Databases for tests: each fresh, with Charter's schema, on one private server for each test process.
///
/// `CHARTER_TEST_DATABASE_URL` names another server instead; databases made there are dropped when the process ends in order.
/// With `CHARTER_TEST_PGBOUNCER` set, the private server is reached through PgBouncer in transaction mode.
package final class TestPostgres: Sendable {
    package static let shared = TestPostgres()

    /// Whether PgBouncer stands between, so that a session is nobody's own.
    package static let isPooled = getenv("CHARTER_TEST_PGBOUNCER") != nil

    private let state = Mutex(State())

    private struct State {
        var server: Result<Server, any Error>?
        /// Only on a server that was given; a private one goes whole.
        var toDrop: [String] = []
    }

    private struct Server {
        var url: String
        var cluster: PostgresCluster?
        var pooler: TestPooler?
        var template: String
    }

    private init() {}

    /// The URL of a new database with the schema in place. Blocks; the first call starts the server.
    package func freshDatabase() throws -> String {
        try create(template: try server().template)
    }

    /// The URL of a new database without anything of ours.
    package func emptyDatabase() throws -> String {
        try create(template: "template0")
    }

    /// Runs SQL as a hand would; answers the first column of every row, NULL by that name.
    package static func firstColumn(of statement: String, in database: String) throws -> [String] {
        try Connection(database).transaction { transaction in
            var values: [String] = []
            for row in try transaction.query(statement) { values.append(row.textOrNil(0) ?? "NULL") }
            return values
        }
    }

    private func create(template: String) throws -> String {
        let server = try server()
        let name = try Self.createDatabase(on: server.url, template: template)
        if server.cluster == nil { state.withLock { $0.toDrop.append(name) } }
        return try server.pooler?.url(of: name) ?? DatabaseURL(server.url).withDatabase(name)
    }

    private func server() throws -> Server {
        try state.withLock { state in
            let server = state.server ?? Result { try Self.start() }
            if state.server == nil, case .success(let server) = server, server.cluster == nil {
                state.toDrop.append(server.template)
                atexit { TestPostgres.shared.dropAll() }
            }
            state.server = server
            return try server.get()
        }
    }

    private static func start() throws -> Server {
        let given = getenv("CHARTER_TEST_DATABASE_URL").map { String(cString: $0) }
        let cluster = given == nil ? try PostgresCluster() : nil
        let url = given ?? cluster?.url ?? ""
        let template = try createDatabase(on: url, template: "template0")
        try Migrations.migrate(Connection(DatabaseURL(url).withDatabase(template)))
        let pooler = isPooled ? try cluster.map { try TestPooler(before: $0) } : nil
        return Server(url: url, cluster: cluster, pooler: pooler, template: template)
    }

    private static func createDatabase(on url: String, template: String) throws -> String {
        let name = "charter_test_\(getpid())_\(UInt32.random(in: 0...UInt32.max))"
        try Connection(url).administer("CREATE DATABASE \(name) TEMPLATE \(template)")
        return name
    }

    private func dropAll() {
        state.withLock { state in
            guard case .success(let server)? = state.server, let connection = try? Connection(server.url) else { return }
            for name in state.toDrop { try? connection.administer("DROP DATABASE IF EXISTS \(name) WITH (FORCE)") }
        }
    }
}
