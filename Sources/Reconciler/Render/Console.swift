internal import Glibc
internal import Synchronization

/// The process's two outputs: data on the first, messages on the second.
package enum Console {
    package static func print(_ text: String) {
        let code = write(text + "\n", to: STDOUT_FILENO)
        if code != 0 { outputError.store(code, ordering: .relaxed) }
    }

    package static func printError(_ text: String) { _ = write(text + "\n", to: STDERR_FILENO) }

    /// What stands on the terminal's last line until something is printed; only a display of progress puts something there.
    private static let line = Mutex(TerminalLine())

    private struct TerminalLine {
        var text = ""
        var isEnded = false
    }

    /// Puts `text` in the place of the line that stands there, in one write so that nothing flickers.
    static func show(line text: String) {
        line.withLock { state in
            guard !state.isEnded, state.text != text else { return }
            state.text = text
            _ = put("\r\(text)\u{1B}[K", to: STDERR_FILENO)
        }
    }

    /// Takes the line away for good.
    static func endLine() {
        line.withLock { state in
            erase(&state)
            state.isEnded = true
        }
    }

    private static func erase(_ state: inout TerminalLine) {
        guard !state.text.isEmpty else { return }
        state.text = ""
        _ = put("\r\u{1B}[K", to: STDERR_FILENO)
    }

    private static let outputError = Atomic<Int32>(0)

    /// Why something printed was lost; a full disk must not look like a clean report.
    package static var outputProblem: String? {
        let code = outputError.load(ordering: .relaxed)
        return code == 0 ? nil : String(cString: strerror(code))
    }

    /// Whether what is printed may be emphasized: a terminal reads it, and neither `NO_COLOR` (no-color.org) nor
    /// `TERM=dumb` asks for plain text.
    package static var isStyled: Bool {
        let isRefused = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
        let isDumb = getenv("TERM").map { strcmp($0, "dumb") == 0 } ?? true
        return isatty(STDOUT_FILENO) == 1 && !isRefused && !isDumb
    }

    /// One write per text where the system allows it, so that lines of several processes do not mix.
    ///
    /// Answers the system's error, 0 when all was written.
    private static func write(_ text: String, to descriptor: Int32) -> Int32 {
        line.withLock { state in
            erase(&state)
            return put(text, to: descriptor)
        }
    }

    private static func put(_ text: String, to descriptor: Int32) -> Int32 {
        var text = text
        return text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { return errno }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
            return 0
        }
    }
}
