import Glibc
import TestKit

/// Accepts connections into its backlog and never says a word.
final class SilentListener {
    let descriptor: Int32
    let port: UInt16

    init() throws { (descriptor, port) = try LoopbackSocket.listen(backlog: 8) }

    deinit { close(descriptor) }

    /// Whether somebody is connected.
    var hasCaller: Bool {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&waiting, 1, 0) == 1
    }
}
