internal import Glibc

/// A socket that clients connect to. Loops may share it, and it outlives the loops for as long as somebody holds it.
package final class ListeningSocket: Sendable {
    let socket: Socket
    package let address: NetworkAddress
    /// Whether several loops accept from it.
    package let isShared: Bool
    /// The file of a local socket, removed at the end.
    private let path: String?

    /// Connections that the kernel keeps until they are accepted; it cuts this down to `net.core.somaxconn`.
    private static let backlog: Int32 = 4096

    /// Throws a `SystemError` when the address cannot be had, an `AddressError` when it is none.
    package init(_ address: ListenAddress) throws {
        guard let network = address.address else { throw AddressError(host: address.host) }
        socket = try .listening(on: network, sharing: address.reusePort, backlog: Self.backlog)
        self.address = socket.localAddress ?? network
        isShared = false
        path = nil
    }

    /// Listens at a path of this machine. Whoever connects there is known by `Exchange.process`, and speaks without TLS.
    package init(atPath path: String) throws {
        socket = try .listening(atPath: path, backlog: Self.backlog)
        address = .ofLocalSockets
        isShared = false
        self.path = path
    }

    deinit { if let path { unlink(path) } }

    /// Takes over a descriptor that another process has made, which this one owns from now on. Throws when it is no TCP
    /// socket that listens.
    package init(adopting descriptor: Int32, isShared: Bool) throws {
        socket = try .adoptListening(descriptor)
        guard let address = socket.localAddress else { throw AddressError(host: "descriptor \(descriptor)") }
        self.address = address
        self.isShared = isShared
        path = nil
    }

    /// Whether it listens at `wanted`; any port will do for one that lets the kernel choose.
    package func isAt(_ wanted: ListenAddress) -> Bool {
        guard let wanted = wanted.address else { return false }
        return wanted.with(port: address.port) == address && (wanted.port == 0 || wanted.port == address.port)
    }

    /// For another process to be given; still owned here.
    package var descriptor: Int32 { socket.descriptor }
}

/// A host that a server cannot listen on because it is no address.
package struct AddressError: Error, CustomStringConvertible {
    package let host: String
    package var description: String { "\(host) is not an IPv4 or IPv6 address" }
}
