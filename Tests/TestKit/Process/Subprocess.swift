internal import Glibc
internal import Synchronization

/// A program run by a test; it is killed when the value goes, and when the test's process dies.
package final class Subprocess: Sendable {
    package let arguments: [String]
    package let pid: Int32
    private let folder: TemporaryDirectory
    private let status = Mutex<Int32?>(nil)

    /// Starts a program found on PATH. `environment` adds to the test's own.
    package init(_ arguments: [String], environment: [String: String] = [:], directory: String? = nil, input: String? = nil) throws {
        let folder = try TemporaryDirectory()
        self.folder = folder
        self.arguments = arguments
        let output = try Descriptors.create(folder.path + "/output")
        defer { close(output) }
        let errors = try Descriptors.create(folder.path + "/errors")
        defer { close(errors) }
        let inputFile = try input.map { try folder.write($0, to: "input") }
        let inputDescriptor = inputFile.map { open($0, O_RDONLY | O_CLOEXEC) }
        defer { if let inputDescriptor { close(inputDescriptor) } }
        pid = try Spawn.start(
            arguments, environment: environment, directory: directory, input: inputDescriptor, output: output, errors: errors)
        ProcessGuard.shared?.watch(pid)
    }

    deinit {
        kill(SIGKILL)
        _ = wait(within: .seconds(10))
    }

    /// What it printed so far.
    package var output: String { folder.read("output") }
    package var errors: String { folder.read("errors") }

    package var isRunning: Bool { poll() == nil }

    /// Sends a signal; does nothing once the process was reaped.
    package func kill(_ signal: Int32) {
        status.withLock { if $0 == nil { _ = Glibc.kill(pid, signal) } }
    }

    /// The exit code, or the negative number of the signal that ended it; nil when it still runs after `bound`.
    package func wait(within bound: Duration) -> Int32? {
        let deadline = ContinuousClock.now + bound
        while true {
            if let code = poll() { return code }
            if ContinuousClock.now >= deadline { return nil }
            usleep(Self.pollMicroseconds)
        }
    }

    /// Runs a program to its end.
    package static func run(
        _ arguments: [String], environment: [String: String] = [:], directory: String? = nil, input: String? = nil,
        within bound: Duration = .seconds(60)
    ) throws -> Outcome {
        let process = try Subprocess(arguments, environment: environment, directory: directory, input: input)
        guard let code = process.wait(within: bound) else {
            throw Unfinished(arguments: arguments, bound: bound, errors: process.errors)
        }
        return Outcome(code: code, output: process.output, errors: process.errors)
    }

    package struct Outcome: Hashable, Sendable {
        package let code: Int32
        package let output: String
        package let errors: String
    }

    package struct Unfinished: Error, CustomStringConvertible {
        package let arguments: [String]
        package let bound: Duration
        package let errors: String

        package var description: String {
            "`\(arguments.joined(separator: " "))` did not end within \(bound)\(errors.isEmpty ? "" : ": " + errors)"
        }
    }

    private func poll() -> Int32? {
        status.withLock { status in
            if status == nil { status = Self.reap(pid) }
            return status
        }
    }

    private static func reap(_ pid: Int32) -> Int32? {
        var raw: Int32 = 0
        guard waitpid(pid, &raw, WNOHANG) == pid else { return nil }
        ProcessGuard.shared?.forget(pid)
        let signal = raw & 0x7f
        return signal == 0 ? (raw >> 8) & 0xff : -signal
    }

    private static let pollMicroseconds: UInt32 = 2000
}
