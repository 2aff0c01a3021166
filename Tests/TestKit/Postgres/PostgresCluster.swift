internal import Glibc
internal import Store

/// A private PostgreSQL on a Unix socket, which ends and is removed with this process, however it dies.
final class PostgresCluster: Sendable {
    /// The database `postgres` of the cluster, as its superuser.
    let url: String
    let folder: String
    /// Closing it, which the kernel does at the latest when this process ends, tells the keeper to stop the server.
    private let leash: Int32

    init() throws {
        let programs = try Self.programs()
        folder = try Self.makeFolder()
        url = "postgresql:///postgres?host=\(folder)&user=tester"
        let account = Self.unprivilegedPrefix()
        try Self.initialize(folder, programs, account)
        let (reading, writing) = try Descriptors.pipe()
        defer { close(reading) }
        leash = writing
        let log = try Descriptors.create(folder + "/log")
        defer { close(log) }
        _ = try Spawn.start(
            account + ["/bin/sh", "-c", Self.keeper, "charter-test-postgres", folder, programs], input: reading, output: log,
            ownGroup: true)
        try awaitReadiness()
    }

    struct Unavailable: Error, CustomStringConvertible {
        let description: String
    }

    private func awaitReadiness() throws {
        do {
            try eventually(within: .seconds(60), "PostgreSQL accepts connections") {
                _ = try Connection(url)
                return true
            }
        } catch {
            let log = TemporaryDirectory.text(of: folder + "/log")
            throw Unavailable(description: "the private PostgreSQL did not start: \(log)")
        }
    }

    static func initialize(_ folder: String, _ programs: String, _ account: [String]) throws {
        let outcome = try Subprocess.run(
            account + [
                programs + "/initdb", "--no-sync", "--auth=trust", "--username=tester", "--encoding=UTF8", "--locale=C",
                "--pgdata=" + folder + "/data",
            ], within: .seconds(120))
        guard outcome.code == 0 else { throw Unavailable(description: "initdb failed: \(outcome.errors)") }
    }

    /// Runs the server until the leash is closed, then ends it at once and removes everything.
    private static let keeper = """
        trap '' INT TERM HUP
        exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
        folder=$1
        "$2/postgres" -D "$folder/data" -k "$folder" -c listen_addresses= -c fsync=off -c synchronous_commit=off \\
            -c full_page_writes=off -c shared_buffers=64MB -c max_connections=200 -c jit=off -c timezone=UTC \\
            -c unix_socket_permissions=0777 </dev/null &
        server=$!
        read -r _
        kill -QUIT "$server"
        wait "$server"
        rm -rf "$folder"
        """

    /// The newest installed version's programs.
    static func programs() throws -> String {
        let root = "/usr/lib/postgresql"
        let versions = (1...99).reversed().map { "\(root)/\($0)/bin" }
        let onPath = (getenv("PATH").map { String(cString: $0) } ?? "").split(separator: ":").map(String.init)
        guard let found = (versions + onPath).first(where: { access($0 + "/initdb", X_OK) == 0 }) else {
            throw Unavailable(
                description: "tests need PostgreSQL's server programs: `apt-get install postgresql`, "
                    + "or set CHARTER_TEST_DATABASE_URL to a server on which databases may be created")
        }
        return found
    }

    /// PostgreSQL refuses to run as root; then it runs as `postgres`, or else as `nobody`.
    static func unprivilegedPrefix() -> [String] {
        guard let account = unprivilegedAccount() else { return [] }
        return ["setpriv", "--reuid=\(account.uid)", "--regid=\(account.gid)", "--clear-groups", "--"]
    }

    private static func unprivilegedAccount() -> (uid: uid_t, gid: gid_t)? {
        guard geteuid() == 0 else { return nil }
        for name in ["postgres", "nobody"] {
            if let entry = getpwnam(name) { return (entry.pointee.pw_uid, entry.pointee.pw_gid) }
        }
        return nil
    }

    /// For the account that the server runs as, and short enough for a socket.
    static func makeFolder(in parent: String = "/tmp") throws -> String {
        var template = Array("\(parent)/charter-pg-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError(call: "mkdtemp", code: errno) }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        chmod(path, 0o755)
        if let account = unprivilegedAccount() { chown(path, account.uid, account.gid) }
        return path
    }
}
