internal import Glibc

/// A process of ours, run to its end or to its deadline, whichever comes first.
struct ChildProcess {
    var executable: String
    var arguments: [String]
    var environment: [String]
    /// Gives the child a pipe to listen at, which closes when this process ends (`ParentLife`); else it reads nothing.
    var followsParent = false

    enum Ending: Equatable {
        case exited(Int32)
        case signalled(Int32)
        /// The deadline passed and the process was killed.
        case overran
    }

    struct Result {
        var ending: Ending
        var output: String
        var messages: String
    }

    /// Runs the process with its two outputs read; never takes much longer than `deadline`.
    ///
    /// An error of `heartbeat`, which is called all the while, kills the process and is thrown on.
    func run(deadline: Duration, heartbeat: () throws -> Void) throws -> Result {
        let lifeline = try Pipe()
        var output = try Pipe()
        var messages = try Pipe()
        let pid = try spawn(lifeline: lifeline, output: output, messages: messages)
        output.closeWriteEnd()
        messages.closeWriteEnd()
        let finished: Bool
        do {
            finished = try Pipe.drain(&output, &messages, until: .now + deadline, heartbeat: heartbeat)
        } catch {
            kill(pid, SIGKILL)
            _ = Self.wait(for: pid)
            throw error
        }
        if !finished { kill(pid, SIGKILL) }
        let status = Self.wait(for: pid)
        withExtendedLifetime(lifeline) {}
        return Result(ending: finished ? Self.ending(status) : .overran, output: output.text, messages: messages.text)
    }

    private func spawn(lifeline: borrowing Pipe, output: borrowing Pipe, messages: borrowing Pipe) throws(SystemError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if followsParent {
            posix_spawn_file_actions_adddup2(&actions, lifeline.readEnd, STDIN_FILENO)
        } else {
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        }
        posix_spawn_file_actions_adddup2(&actions, output.writeEnd, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, messages.writeEnd, STDERR_FILENO)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The parent blocks the signals it waits for; the child must die of them.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var pid: pid_t = 0
        let failure = withCStrings(arguments) { arguments in
            withCStrings(environment) { environment in
                posix_spawn(&pid, executable, &actions, &attributes, arguments, environment)
            }
        }
        guard failure == 0 else { throw SystemError("start \(executable)", code: failure) }
        return pid
    }

    private static func wait(for pid: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
        return status
    }

    /// The macros of wait(2), which Swift cannot see.
    private static func ending(_ status: Int32) -> Ending {
        let signal = status & 0x7f
        return signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal)
    }
}

func withCStrings<R>(_ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> R) -> R {
    var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    pointers.append(nil)
    return body(pointers)
}
