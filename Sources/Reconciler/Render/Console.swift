internal import Glibc

/// The process's two outputs: data on the first, messages on the second.
package enum Console {
    package static func print(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }
    package static func printError(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

    /// Whether what is printed may be emphasized: a terminal reads it, and neither `NO_COLOR` (no-color.org) nor
    /// `TERM=dumb` asks for plain text.
    package static var isStyled: Bool {
        let isRefused = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
        let isDumb = getenv("TERM").map { strcmp($0, "dumb") == 0 } ?? true
        return isatty(STDOUT_FILENO) == 1 && !isRefused && !isDumb
    }

    /// One write per text where the system allows it, so that lines of several processes do not mix.
    private static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
    }
}
