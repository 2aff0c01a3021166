internal import Glibc
internal import Synchronization

/// A shell that outlives this process and then ends what it left: it reads from a pipe whose only writer is this process.
final class ProcessGuard: Sendable {
    static let shared = try? ProcessGuard()

    private let pipe: Int32

    private init() throws {
        let (reading, writing) = try Descriptors.pipe()
        defer { close(reading) }
        pipe = writing
        _ = try Spawn.start(["/bin/sh", "-c", Self.script], input: reading, output: nil, ownGroup: true)
    }

    /// Kills this process when ours is gone.
    func watch(_ pid: pid_t) { say("+ \(pid)\n") }

    /// Forgets a process that was reaped, since its number may be given to another.
    func forget(_ pid: pid_t) { say("- \(pid)\n") }

    private func say(_ line: String) {
        let bytes = Array(line.utf8)
        _ = write(pipe, bytes, bytes.count)
    }

    private static let script = """
        trap '' INT TERM HUP
        exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
        pids=' '
        while read -r op pid; do
            case $op in
                +) pids="$pids$pid " ;;
                -) pids="${pids%% $pid *} ${pids#* $pid }" ;;
            esac
        done
        for pid in $pids; do kill -9 "$pid" 2>/dev/null; done
        """
}
