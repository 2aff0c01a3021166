internal import Glibc
internal import Synchronization

/// The append-only record of what the provider served: one JSON line per request, each appended by one write(2).
///
/// O_APPEND makes lines of several loops and processes follow each other whole. May be used from any thread.
final class ServiceLog: Sendable {
    private let descriptor: Int32
    private let hasFailed = Atomic(false)

    init(path: String) throws(ServiceLogError) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        if descriptor < 0 { throw ServiceLogError(path: path, code: errno) }
    }

    deinit { close(descriptor) }

    func append(_ request: ServedRequest) {
        let line = request.line
        var written = write(descriptor, line, line.count)
        while written < 0 && errno == EINTR { written = write(descriptor, line, line.count) }
        if written != line.count && !hasFailed.exchange(true, ordering: .relaxed) {
            let text = Array("charter simulate: the log cannot be written; it is no longer the truth\n".utf8)
            _ = write(STDERR_FILENO, text, text.count)
        }
    }
}

package struct ServiceLogError: Error, Equatable, CustomStringConvertible {
    package let path: String
    package let code: Int32

    package var description: String { "cannot open the log \(path): \(String(cString: strerror(code)))" }
}
