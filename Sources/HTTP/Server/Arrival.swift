/// A connection whose first bytes decide how it is treated: a trusted proxy's header is taken off, and what must be TLS has
/// to begin like it. Until then it costs a descriptor and nothing else.
final class Arrival: EventHandler {
    private unowned let server: Server
    private var socket: Socket?
    private var peer: NetworkAddress
    private var place: ConnectionPlace
    private var registration: Registration?
    private var timer: LoopTimer
    /// Whether a PROXY header is still to come.
    private var awaitsHeader: Bool
    private let descriptor: Int32

    private enum Verdict {
        case wait
        /// The first bytes are as they must be.
        case pass
        /// A client that speaks plain HTTP where TLS is spoken.
        case plain
        case refuse(ServerEvent)
    }

    /// The first byte of a TLS record that holds a handshake (RFC 8446 §5.1).
    private static let handshakeRecord: UInt8 = 0x16

    init(server: Server, socket: consuming Socket, peer: NetworkAddress, place: ConnectionPlace, awaitsHeader: Bool) {
        self.server = server
        descriptor = socket.descriptor
        self.socket = consume socket
        self.peer = peer
        self.place = place
        self.awaitsHeader = awaitsHeader
        timer = LoopTimer {}
        timer = LoopTimer { [unowned self] in end(.arrivalTimedOut) }
    }

    /// Looks at what has come already, and waits for the rest.
    func start() throws(SystemError) {
        registration = try server.loop.register(descriptor, [.readable, .peerFinished, .edge], self)
        server.loop.set(timer, after: server.limits.headTimeout)
    }

    func ready(_ readiness: Readiness) {
        while socket != nil {
            switch look() {
            case .wait: return
            case .pass: goOn(refusing: nil)
            case .plain:
                server.meter.count(.plainHTTP)
                goOn(refusing: .plainHTTP)
            case .refuse(let event): end(event)
            }
        }
    }

    func loopEnded() { socket = nil }

    /// Closes at once.
    func cut() { end(nil) }

    private func look() -> Verdict {
        let buffer = UnsafeMutableRawBufferPointer(rebasing: server.loop.receiveBuffer.prefix(ProxyHeader.bytesMax))
        switch socket?.peek(into: buffer) {
        case .bytes(0), .failed, nil: return .refuse(.arrivalLeft)
        case .wouldBlock: return .wait
        case .bytes(let count):
            let bytes = UnsafeRawBufferPointer(buffer).slice(0..<count)
            return awaitsHeader ? takeHeader(bytes) : first(bytes[0])
        }
    }

    private func first(_ byte: UInt8) -> Verdict {
        if byte == Self.handshakeRecord || !server.speaksTLS { return .pass }
        // A method's first letter: somebody forgot the `s` of `https`.
        let isLetter = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
        return isLetter ? .plain : .refuse(.notTLS)
    }

    private func takeHeader(_ bytes: UnsafeRawBufferPointer) -> Verdict {
        do {
            guard let header = try ProxyHeader.parse(bytes) else { return .wait }
            let rest = UnsafeMutableRawBufferPointer(rebasing: server.loop.receiveBuffer.prefix(header.count))
            guard case .bytes(header.count)? = socket?.receive(into: rest) else { return .refuse(.arrivalLeft) }
            awaitsHeader = false
            if let source = header.source {
                peer = source.unmapped
                guard server.quota.take(peer, in: &place) else { return .refuse(.clientFull) }
            }
            return server.speaksTLS ? look() : .pass
        } catch {
            return .refuse(.badProxyHeader)
        }
    }

    /// Hands the socket on.
    private func goOn(refusing fault: MessageFault?) {
        leave()
        // Only then forgotten, so that a server that drains does not take itself for empty.
        defer { server.forget(self) }
        guard let socket = socket.take() else { return }
        server.serve(socket, peer: peer, place: place, refusing: fault)
    }

    private func end(_ event: ServerEvent?) {
        guard socket != nil else { return }
        leave()
        socket = nil
        if let event { server.meter.count(event) }
        server.quota.release(place)
        server.forget(self)
    }

    private func leave() {
        server.loop.discard(timer)
        if let registration { server.loop.deregister(registration, of: descriptor) }
        registration = nil
    }
}
