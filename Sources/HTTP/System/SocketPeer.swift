internal import CLinux
internal import Glibc

/// The process at the other end of a local socket, as the kernel knew it when the two were connected (unix(7), SO_PEERCRED).
package struct SocketPeer: Hashable, Sendable {
    package let process: Int32
    package let user: UInt32

    package init(process: Int32, user: UInt32) { (self.process, self.user) = (process, user) }

    /// Nil where the descriptor is no connected local socket.
    package init?(of descriptor: Int32) {
        var peer = charter_peer()
        var length = socklen_t(MemoryLayout<charter_peer>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0, peer.process > 0 else { return nil }
        self.init(process: peer.process, user: peer.user)
    }
}
