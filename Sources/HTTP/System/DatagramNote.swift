internal import CLinux
internal import Glibc

/// One datagram to a socket of this machine, such as a service manager's (sd_notify(3)).
package enum DatagramNote {
    /// Sends `text` to a path, or with `@` in front to an abstract name; false when nobody took it. Whoever has not read what came
    /// before is waited for, at most for `patience`.
    @discardableResult
    package static func send(_ text: String, to name: String, patience: Duration) -> Bool {
        let waits = patience > .zero
        let flags = SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | (waits ? 0 : SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_UNIX, Int32(flags), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        if waits {
            var limit = timeval(tv_sec: Int(patience.components.seconds), tv_usec: Int(patience.components.attoseconds / 1_000_000_000_000))
            setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        let isAbstract = name.hasPrefix("@")
        var address = isAbstract ? LocalAddress.abstract(String(name.dropFirst())) : LocalAddress.path(name)
        // An abstract name ends where its length says.
        let length = MemoryLayout<sa_family_t>.size + name.utf8.count + (isAbstract ? 0 : 1)
        let bytes = Array(text.utf8)
        let sent = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, socklen_t(min(length, MemoryLayout<sockaddr_un>.size)))
            }
        }
        return sent == bytes.count
    }
}
