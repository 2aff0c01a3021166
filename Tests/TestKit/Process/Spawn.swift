internal import Glibc
internal import Synchronization

/// A failed system call.
package struct SystemError: Error, CustomStringConvertible {
    package let call: String
    package let code: Int32

    package var description: String { "\(call): \(String(cString: strerror(code)))" }
}

/// `posix_spawn` for tests.
enum Spawn {
    /// Held while descriptors are made and inherited, so that no other child keeps a pipe open.
    static let lock = Mutex(())

    /// Starts a program found on PATH; its output goes to the descriptor, or nowhere.
    static func start(
        _ arguments: [String], environment: [String: String] = [:], directory: String? = nil, input: Int32? = nil,
        output: Int32?, errors: Int32? = nil, ownGroup: Bool = false
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input { posix_spawn_file_actions_adddup2(&actions, input, 0) } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        for (target, source) in [(Int32(1), output), (2, errors ?? output)] {
            if let source { posix_spawn_file_actions_adddup2(&actions, source, target) } else {
                posix_spawn_file_actions_addopen(&actions, target, "/dev/null", O_WRONLY, 0)
            }
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        configure(&attributes, ownGroup: ownGroup)
        let entering = directory.map { ["env", "-C", $0] } ?? []
        return try spawn(entering + arguments, environment, &actions, &attributes)
    }

    /// A group of its own does not get the terminal's Ctrl-C. Signals that the calling thread blocks are let through, as
    /// a shell waits in vain for its children otherwise.
    private static func configure(_ attributes: inout posix_spawnattr_t, ownGroup: Bool) {
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK) | (ownGroup ? Int16(POSIX_SPAWN_SETPGROUP) : 0))
    }

    private static func spawn(
        _ arguments: [String], _ environment: [String: String], _ actions: inout posix_spawn_file_actions_t,
        _ attributes: inout posix_spawnattr_t
    ) throws -> pid_t {
        var variables = inherited()
        variables.merge(environment) { _, given in given }
        let argv = arguments.map { strdup($0) } + [nil]
        let envp = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in argv + envp { free(text) } }
        var pid: pid_t = 0
        let code = lock.withLock { _ in posix_spawnp(&pid, arguments.first ?? "", &actions, &attributes, argv, envp) }
        guard code == 0 else { throw SystemError(call: "cannot start \(arguments.first ?? "nothing")", code: code) }
        return pid
    }

    private static func inherited() -> [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
            entry += 1
        }
        return variables
    }
}

/// Descriptors that no child inherits unless it is given them.
enum Descriptors {
    static func pipe() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [0, 0]
        let answer = Spawn.lock.withLock { _ in
            let answer = Glibc.pipe(&ends)
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            return answer
        }
        guard answer == 0 else { throw SystemError(call: "pipe", code: errno) }
        return (ends[0], ends[1])
    }

    static func create(_ path: String) throws -> Int32 {
        let descriptor = open(path, O_CREAT | O_TRUNC | O_APPEND | O_WRONLY | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw SystemError(call: "cannot create \(path)", code: errno) }
        return descriptor
    }
}
