internal import Glibc
internal import Store

/// A PostgreSQL of one test that it may stop, freeze and break; ends and is removed with this value or this process.
package final class ControlledPostgres: Sendable {
    package let port: UInt16
    /// Of the socket, the data and the log.
    package let folder: String
    /// Commands go to the keeper by this pipe; closing it ends everything.
    private let leash: Int32

    /// `settings` are `name=value`; a `parent` other than /tmp may be a disk of its own.
    package init(settings: [String] = [], parent: String = "/tmp") throws {
        let programs = try PostgresCluster.programs()
        folder = try PostgresCluster.makeFolder(in: parent)
        port = try freePort()
        let account = PostgresCluster.unprivilegedPrefix()
        try PostgresCluster.initialize(folder, programs, account)
        let (reading, writing) = try Descriptors.pipe()
        defer { close(reading) }
        leash = writing
        let log = try Descriptors.create(folder + "/log")
        defer { close(log) }
        let options = (Self.settings + settings).flatMap { ["-c", $0] }
        _ = try Spawn.start(
            account + ["/bin/sh", "-c", Self.keeper, "charter-test-postgres", folder, programs, "\(port)"] + options,
            input: reading, output: log, ownGroup: true)
        try start()
        try Connection(url(of: "postgres")).administer("CREATE DATABASE charter")
        try Migrations.migrate(Connection(url()))
    }

    deinit { close(leash) }

    private static let settings = [
        "fsync=off", "shared_buffers=16MB", "jit=off", "timezone=UTC", "unix_socket_permissions=0777", "listen_addresses=127.0.0.1",
        "max_wal_size=64MB", "min_wal_size=32MB",
    ]

    /// By its socket.
    package func url(of database: String = "charter") -> String {
        "postgresql:///\(database)?host=\(folder)&port=\(port)&user=tester"
    }

    /// By TCP, where something may stand between at another port.
    package func url(at port: UInt16) -> String { "postgresql://tester@127.0.0.1:\(port)/charter" }

    package var log: String { TemporaryDirectory.text(of: folder + "/log") }

    // MARK: What is done to it

    package enum Stop: String { case fast, immediate }

    package func stop(_ how: Stop) throws {
        tell(how.rawValue)
        try eventually(within: .seconds(30), "PostgreSQL is stopped") { self.postmaster == nil }
    }

    package func start() throws {
        tell("start")
        try awaitAnswer()
    }

    package func awaitAnswer() throws {
        try eventually(within: .seconds(60), "PostgreSQL answers") {
            try Connection(self.url(of: "postgres")).transaction { _ = try $0.query("SELECT 1") }
            return true
        }
    }

    /// Stops every process of it, as a machine that hangs does.
    package func freeze() { signal(SIGSTOP) }
    package func thaw() { signal(SIGCONT) }

    /// Processes that serve clients, by a part of their query's or database's name as `ps` shows it.
    package func backends(of database: String = "charter") -> [Int32] {
        processes.filter { TemporaryDirectory.text(of: "/proc/\($0)/cmdline").contains(" tester \(database) ") }
    }

    private func signal(_ number: Int32) {
        for pid in processes { kill(pid, number) }
    }

    private var postmaster: Int32? {
        TemporaryDirectory.text(of: folder + "/data/postmaster.pid").split(separator: "\n").first.flatMap { Int32($0) }
    }

    /// The first process and its children.
    private var processes: [Int32] {
        guard let postmaster else { return [] }
        let children = TemporaryDirectory.text(of: "/proc/\(postmaster)/task/\(postmaster)/children")
        return [postmaster] + children.split(separator: " ").compactMap { Int32($0) }
    }

    private func tell(_ command: String) {
        let bytes = Array("\(command)\n".utf8)
        _ = write(leash, bytes, bytes.count)
    }

    private static let keeper = """
        trap '' INT TERM HUP
        exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
        folder=$1 programs=$2 port=$3
        shift 3
        server=
        end() {
            [ -n "$server" ] || return
            for process in "$server" $(cat "/proc/$server/task/$server/children"); do kill -CONT "$process"; done
            kill "$1" "$server"
            wait "$server"
            server=
        }
        while read -r command; do
            case $command in
                start) "$programs/postgres" -D "$folder/data" -k "$folder" -p "$port" "$@" </dev/null & server=$! ;;
                fast) end -INT ;;
                immediate) end -QUIT ;;
            esac
        done
        end -QUIT
        rm -rf "$folder"
        """
}
