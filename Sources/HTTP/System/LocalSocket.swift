internal import CLinux
internal import Glibc

/// A connection between two processes of this machine that keeps messages apart and carries open descriptors with them
/// (SOCK_SEQPACKET and SCM_RIGHTS, unix(7)). Blocking, with bounds; one thread reads.
package final class LocalSocket: Sendable {
    package let descriptor: Int32

    /// What one message may hold.
    package static let messageBytesMax = 32 << 10
    package static let descriptorsMax = 250

    private init(owning descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Listens at a path below `directory`, where nobody else may listen; what an earlier process left there is removed.
    package static func listening(in directory: String, name: String) throws(SystemError) -> LocalSocket {
        let socket = try make()
        let folder = try open(directory)
        defer { close(folder) }
        try check("unlink") { unlinkat(folder, name, 0) == 0 || errno == ENOENT ? 0 : -1 }
        try withAddress(folder, name) { address, length throws(SystemError) in
            try check("bind") { bind(socket.descriptor, address, length) }
        }
        try check("listen") { listen(socket.descriptor, Int32(backlog)) }
        return socket
    }

    /// Connects to whoever listens there; throws when nobody does.
    package static func connected(to directory: String, name: String) throws(SystemError) -> LocalSocket {
        let socket = try make()
        let folder = try open(directory)
        defer { close(folder) }
        try withAddress(folder, name) { address, length throws(SystemError) in
            try check("connect") { connect(socket.descriptor, address, length) }
        }
        return socket
    }

    /// The next process that connects, of this user or root; nil when none does within `duration`.
    package func accept(within duration: Duration) throws(SystemError) -> LocalSocket? {
        guard waits(for: Int16(POLLIN), duration) else { return nil }
        let other = LocalSocket(owning: try check("accept4") { accept4(descriptor, nil, nil, Int32(SOCK_CLOEXEC.rawValue)) })
        guard let peer = other.peer, peer.user == geteuid() || peer.user == 0 else { return nil }
        return other
    }

    /// The process at the other end.
    package var peerProcess: Int32? { peer?.process }

    package func send(_ text: String, descriptors: [Int32] = []) throws(SystemError) {
        let bytes = Array(text.utf8)
        try check("sendmsg") {
            Int32(clamping: charter_send_descriptors(descriptor, bytes, bytes.count, descriptors, descriptors.count))
        }
    }

    package enum Received {
        /// With the descriptors, which belong to the receiver.
        case message(String, [Int32])
        case nothing
        /// The other side is gone.
        case end
    }

    package func receive(within duration: Duration) throws(SystemError) -> Received {
        guard waits(for: Int16(POLLIN), duration) else { return .nothing }
        var bytes = [UInt8](repeating: 0, count: Self.messageBytesMax)
        var descriptors = [Int32](repeating: -1, count: Self.descriptorsMax)
        var count = 0
        let length = try check("recvmsg") {
            Int32(clamping: charter_receive_descriptors(descriptor, &bytes, bytes.count, &descriptors, &count))
        }
        if length == 0 { return .end }
        return .message(String(decoding: bytes[..<Int(length)], as: UTF8.self), Array(descriptors[..<count]))
    }

    private static let backlog = 8

    private static func make() throws(SystemError) -> LocalSocket {
        let type = Int32(SOCK_SEQPACKET.rawValue | SOCK_CLOEXEC.rawValue)
        return LocalSocket(owning: try check("socket") { socket(AF_UNIX, type, 0) })
    }

    private static func open(_ directory: String) throws(SystemError) -> Int32 {
        try check("open") { Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    }

    /// By way of the open folder, as an address holds fewer bytes than a path may have.
    private static func withAddress(
        _ folder: Int32, _ name: String, _ body: (UnsafePointer<sockaddr>, socklen_t) throws(SystemError) -> Void
    ) throws(SystemError) {
        var address = LocalAddress.path("/proc/self/fd/\(folder)/\(name)")
        var failure: SystemError?
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                do throws(SystemError) {
                    try body(pointer, socklen_t(MemoryLayout<sockaddr_un>.size))
                } catch {
                    failure = error
                }
            }
        }
        if let failure { throw failure }
    }

    private var peer: SocketPeer? { SocketPeer(of: descriptor) }

    private func waits(for events: Int16, _ duration: Duration) -> Bool {
        var interest = pollfd(fd: descriptor, events: events, revents: 0)
        return poll(&interest, 1, Int32(clamping: duration.inNanoseconds / 1_000_000)) > 0
    }
}

/// Addresses of this machine's own sockets.
enum LocalAddress {
    /// A text that is too long is cut; then nobody is there.
    static func path(_ text: String) -> sockaddr_un { make(Array(text.utf8)) }

    /// One that no file stands for (unix(7), abstract).
    static func abstract(_ name: String) -> sockaddr_un { make([0] + Array(name.utf8)) }

    private static func make(_ bytes: [UInt8]) -> sockaddr_un {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { path in
            path.copyBytes(from: bytes.prefix(path.count - 1))
        }
        return address
    }
}
