internal import CLinux
internal import Glibc

/// One datagram to a socket of this machine, such as a service manager's (sd_notify(3)).
package enum DatagramNote {
    /// Sends `text` to a path, or with `@` in front to an abstract name; false when nobody took it.
    @discardableResult
    package static func send(_ text: String, to name: String) -> Bool {
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
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
