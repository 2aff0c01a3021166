internal import HTTP

/// The listening sockets of a gateway, and which loop accepts from which.
struct ListenerSockets: Sendable {
    let data: [ListeningSocket]
    let admin: [ListeningSocket]

    /// Takes those of `inherited` that are where `options` want to listen, closes the others, and makes what is missing: one for each loop, between
    /// which the kernel spreads connections.
    init(_ options: GatewayOptions, inherited: [InheritedSocket], isActivated: Bool) throws {
        func sockets(_ role: ListenerRole, at address: ListenAddress?) throws -> [ListeningSocket] {
            let given = inherited.filter { $0.role == role }
            let adopted = try given.map { try ListeningSocket(adopting: $0.descriptor, isShared: given.count < options.loops) }
            let fitting = adopted.filter { socket in isActivated || address.map { socket.isAt($0) } ?? false }
            if !fitting.isEmpty { return fitting }
            guard let address else { return [] }
            return try Self.open(address, count: options.loops)
        }
        data = try sockets(.data, at: options.listen)
        admin = try sockets(.admin, at: options.admin)
    }

    private static func open(_ address: ListenAddress, count: Int) throws -> [ListeningSocket] {
        // The loops share their port with each other, and would share it with a stranger.
        try address.checkFree()
        var address = address
        address.reusePort = true
        var sockets: [ListeningSocket] = []
        for _ in 0..<count {
            let socket = try ListeningSocket(address)
            address.port = socket.address.port
            sockets.append(socket)
        }
        return sockets
    }

    /// What loop `index` of `count` accepts from: every socket has a loop, and every loop a socket.
    static func share(_ sockets: [ListeningSocket], loop index: Int, of count: Int) -> [ListeningSocket] {
        guard !sockets.isEmpty else { return [] }
        if sockets.count < count { return [sockets[index % sockets.count]] }
        return sockets.enumerated().filter { $0.offset % count == index }.map(\.element)
    }

    /// For the gateway that comes after this one.
    var handedOn: [(role: ListenerRole, socket: ListeningSocket)] {
        data.map { (.data, $0) } + admin.map { (.admin, $0) }
    }
}
