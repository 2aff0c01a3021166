internal import Glibc

/// The process's two outputs: data on the first, messages on the second.
package enum Console {
    package static func print(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }
    package static func printError(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

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
