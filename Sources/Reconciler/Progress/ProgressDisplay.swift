internal import Dispatch
internal import Glibc

/// Keeps one line on the terminal up to date while a command runs, and takes it away in the end; confined to one thread.
package final class ProgressDisplay {
    /// What ends sooner needs no line.
    private static let after = DispatchTimeInterval.seconds(1)
    private static let interval = DispatchTimeInterval.milliseconds(100)

    private let timer: any DispatchSourceTimer

    /// Nil where nobody looks: standard error is no terminal that can take a line back, or `CI` is set.
    package init?() {
        guard Self.isWatched(isTerminal: isatty(STDERR_FILENO) == 1, environment: { getenv($0).map { String(cString: $0) } })
        else { return nil }
        timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "charter.progress"))
        timer.schedule(deadline: .now() + Self.after, repeating: Self.interval, leeway: .milliseconds(20))
        timer.setEventHandler { Self.draw() }
        timer.resume()
    }

    deinit { timer.cancel() }

    package func stop() {
        timer.cancel()
        Console.endLine()
    }

    static func isWatched(isTerminal: Bool, environment: (String) -> String?) -> Bool {
        let isDumb = environment("TERM").map { $0.isEmpty || $0 == "dumb" } ?? true
        let isMachine = environment("CI").map { !$0.isEmpty && $0 != "false" } ?? false
        return isTerminal && !isDumb && !isMachine
    }

    private static func draw() {
        guard let standing = ProgressBoard.now else { return }
        Console.show(line: ProgressLine(standing, now: .now, columns: columns).text)
    }

    /// Of a terminal that does not tell.
    private static let columnsUntold = 80

    /// Asked each time, since windows change (TIOCGWINSZ, tty_ioctl(4)).
    private static var columns: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return columnsUntold }
        return Int(size.ws_col)
    }
}
