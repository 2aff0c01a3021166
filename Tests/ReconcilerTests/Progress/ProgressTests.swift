import Foundation
import Glibc
import TestKit
import Testing

@testable import Reconciler

struct ProgressTests {
    private static let start = ContinuousClock.now

    private func line(_ phase: ProgressBoard.Phase, _ done: Int = 0, of total: Int? = nil, after: Duration, columns: Int = 80) -> String {
        ProgressLine(ProgressBoard.Standing(phase, done: done, of: total, since: Self.start), now: Self.start + after, columns: columns).text
    }

    @Test func `a line tells the phase, how far it is, and how fast`() {
        #expect(line(.reading, 12_400, of: 100_000, after: .seconds(2)) == "Reading 12,400 of 100,000 files, 6,200/s")
        #expect(line(.reading, 400, of: 100_000, after: .milliseconds(400)) == "Reading 400 of 100,000 files", "too early for a rate")
        #expect(line(.checking, of: 1000, after: .milliseconds(10)) == "Checking 1,000 files")
        #expect(line(.checking, of: 1000, after: .seconds(12)) == "Checking 1,000 files, 12 s")
        #expect(line(.loading, after: .seconds(3)) == "Loading what is applied, 3 s")
        #expect(line(.importing, 5, after: .seconds(10)) == "Importing 5 models")
        #expect(line(.reading, 7, of: 5, after: .zero) == "Reading 5 of 5 files", "never more than all")
        #expect(line(.reading, 1, of: 2, after: .seconds(-3)) == "Reading 1 of 2 files")
    }

    @Test(arguments: [0, 1, 2, 10, 40, 41])
    func `a line leaves the last column free`(columns: Int) {
        let text = line(.reading, 12_400, of: 100_000, after: .seconds(2), columns: columns)
        #expect(text.count == min(40, max(0, columns - 1)))
    }

    @Test func `only a person at a terminal is told`() {
        func isWatched(_ isTerminal: Bool, _ environment: [String: String]) -> Bool {
            ProgressDisplay.isWatched(isTerminal: isTerminal) { environment[$0] }
        }
        #expect(isWatched(true, ["TERM": "xterm"]))
        #expect(isWatched(true, ["TERM": "xterm", "CI": "false"]))
        #expect(!isWatched(false, ["TERM": "xterm"]))
        #expect(!isWatched(true, ["TERM": "xterm", "CI": "true"]))
        #expect(!isWatched(true, ["TERM": "dumb"]))
        #expect(!isWatched(true, [:]))
    }

    /// What a terminal gets of a plan of a remote that keeps silent for a while.
    private func terminal(_ words: [String], _ environment: [String: String] = [:]) throws -> String {
        let listener = try SilentListener()
        let terminal = try PseudoTerminal()
        let folder = try TemporaryDirectory()
        let command = ([Programs.charter] + words + ["--repo", "git://127.0.0.1:\(listener.port)/x", "--fetch-timeout", "2500ms", "--state", folder.path])
            .map { "'\($0)'" }.joined(separator: " ")
        let outcome = try Subprocess.run(
            ["bash", "-c", "\(command) 2>\(terminal.path)"], environment: ["TERM": "xterm", "CI": "", "CHARTER_DATABASE_URL": "postgresql://x@127.0.0.1:1/x"].merging(environment) { $1 })
        #expect(outcome.code != 0 && outcome.output == "")
        return terminal.received()
    }

    private static let erased = "\r\u{1B}[K"

    @Test func `a line appears after a second, changes in place, and is gone in the end`() throws {
        let text = try terminal(["plan"])
        let lines = text.components(separatedBy: "\r").filter { $0.hasPrefix("Fetching") }
        // The phase may begin a little later than the command, and a busy machine tells less often.
        let seconds = lines.map { line in line.wholeMatch(of: /Fetching the repository(?:, (\d+) s)?\x{1B}\[K/).map { $0.1.flatMap { Int($0) } ?? 0 } }
        #expect(!seconds.isEmpty && !seconds.contains(nil), "\(text.debugDescription)")
        #expect(zip(seconds, seconds.dropFirst()).allSatisfy { ($0 ?? 0) < ($1 ?? 0) }, "\(text.debugDescription)")
        #expect(text.hasPrefix("\rFetching"))
        guard let end = text.range(of: Self.erased, options: .backwards), let last = text.range(of: "Fetching", options: .backwards) else {
            Issue.record("never erased: \(text.debugDescription)")
            return
        }
        #expect(end.lowerBound > last.lowerBound && text[end.upperBound...].contains("charter plan: "))
    }

    @Test func `quiet and CI show nothing but the message`() throws {
        let quiet = try terminal(["plan", "--quiet"])
        #expect(!quiet.contains("Fetching") && !quiet.contains("\u{1B}") && quiet.contains("charter plan: "), "\(quiet.debugDescription)")
        #expect(try !terminal(["plan"], ["CI": "1"]).contains("\u{1B}"))
    }
}

/// A terminal without a screen.
final class PseudoTerminal: Sendable {
    private let controller: Int32
    let path: String

    /// Kept open, or what was written would be gone with its writer.
    private let terminal: Int32

    init() throws {
        var (controller, terminal): (Int32, Int32) = (-1, -1)
        guard openpty(&controller, &terminal, nil, nil, nil) == 0, let name = ttyname(terminal) else { throw Unexpected() }
        (self.controller, self.terminal, path) = (controller, terminal, String(cString: name))
        for descriptor in [controller, terminal] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        // So that reading ends when there is nothing more.
        _ = fcntl(controller, F_SETFL, O_NONBLOCK)
    }

    deinit {
        close(controller)
        close(terminal)
    }

    /// What was written until now; as much as the system keeps for it.
    func received() -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(controller, &buffer, buffer.count)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self).replacingOccurrences(of: "\r\n", with: "\n") }
            bytes += buffer[..<count]
        }
    }
}
