internal import Glibc
internal import Store

/// PgBouncer in transaction mode before a server of the tests: a session lasts as long as a transaction, and no longer.
package final class TestPooler: Sendable {
    let url: String
    private let process: Subprocess

    convenience init(before cluster: PostgresCluster) throws { try self.init(before: cluster.folder, 5432) }

    package convenience init(before server: ControlledPostgres) throws { try self.init(before: server.folder, server.port) }

    private init(before server: String, _ serverPort: UInt16) throws {
        let folder = try PostgresCluster.makeFolder()
        url = "postgresql:///postgres?host=\(folder)&port=\(Self.port)&user=tester"
        try Self.write("\"tester\" \"\"\n", to: folder + "/users")
        try Self.write(Self.settings(folder, server, serverPort), to: folder + "/pgbouncer.ini")
        process = try Subprocess(PostgresCluster.unprivilegedPrefix() + [Self.program, "-q", folder + "/pgbouncer.ini"])
        do {
            try eventually(within: .seconds(20), "PgBouncer answers") { [url] in
                _ = try Connection(url)
                return true
            }
        } catch {
            throw PostgresCluster.Unavailable(description: "PgBouncer did not start: \(process.errors)")
        }
    }

    package func url(of database: String) throws -> String { try DatabaseURL(url).withDatabase(database) }

    private static let port = 6432

    private static let program = access("/usr/sbin/pgbouncer", X_OK) == 0 ? "/usr/sbin/pgbouncer" : "pgbouncer"

    /// No startup parameter is let through that PgBouncer does not know, and few sessions are shared by many.
    private static func settings(_ folder: String, _ server: String, _ serverPort: UInt16) -> String {
        """
        [databases]
        * = host=\(server) port=\(serverPort) user=tester
        [pgbouncer]
        listen_port = \(port)
        unix_socket_dir = \(folder)
        unix_socket_mode = 0777
        auth_type = trust
        auth_file = \(folder)/users
        pool_mode = transaction
        max_client_conn = 2000
        default_pool_size = 12
        server_idle_timeout = 3
        server_lifetime = 20
        server_login_retry = 1
        query_wait_timeout = 60
        log_connections = 0
        log_disconnections = 0

        """
    }

    private static func write(_ text: String, to path: String) throws {
        let descriptor = try Descriptors.create(path)
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else { throw SystemError(call: "cannot write \(path)", code: errno) }
    }
}
