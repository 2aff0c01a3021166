/// Takes connections from one listening socket for a server.
final class Acceptor: EventHandler {
    /// Kept alive until the acceptor stops or the loop ends.
    private let server: Server
    private let listening: ListeningSocket
    private var registration: Registration?
    private var isStopped = false

    private static let acceptsPerTurn = 64
    /// Where loops share a socket, one that takes few at a time leaves some to the others.
    private static let acceptsPerTurnShared = 8
    /// How long a server that is out of descriptors waits before it accepts again.
    private static let acceptPause = Duration.milliseconds(100)

    init(server: Server, listening: ListeningSocket) throws(SystemError) {
        self.server = server
        self.listening = listening
        try listen()
    }

    func ready(_ readiness: Readiness) { accept(atMost: listening.isShared ? Self.acceptsPerTurnShared : Self.acceptsPerTurn) }

    func loopEnded() { server.loopEnded() }

    /// Takes no more. With `leavingQueue` the socket stays open elsewhere, and what waits is left to whoever goes on with it;
    /// else nobody new is let in, and `then` is called once everybody is in who had begun to come.
    func stop(leavingQueue: Bool, then: @escaping (Acceptor) -> Void) {
        guard !leavingQueue, listening.socket.turnAwayNewcomers() else {
            if !leavingQueue { accept(atMost: .max) }
            return end(then)
        }
        server.loop.schedule(after: Self.lastCall) { [self] in
            accept(atMost: .max)
            end(then)
        }
    }

    private func end(_ then: (Acceptor) -> Void) {
        isStopped = true
        stopListening()
        then(self)
    }

    /// Longer than a handshake that has begun takes to come back from anywhere near.
    private static let lastCall = Duration.milliseconds(100)

    private func accept(atMost count: Int) {
        for _ in 0..<count {
            do {
                guard let accepted = try listening.socket.accept() else { return }
                server.arrived(accepted)
            } catch {
                server.meter.count(.acceptFailed)
                pause()
                return
            }
        }
    }

    private func listen() throws(SystemError) {
        guard !isStopped, registration == nil else { return }
        let interest: Readiness = listening.isShared ? [.readable, .exclusive] : [.readable]
        registration = try server.loop.register(listening.socket.descriptor, interest, self)
    }

    private func stopListening() {
        guard let registration else { return }
        server.loop.deregister(registration, of: listening.socket.descriptor)
        self.registration = nil
    }

    /// Out of descriptors or memory: a listener that stays registered would turn the loop without end.
    private func pause() {
        stopListening()
        guard !isStopped else { return }
        server.loop.schedule(after: Self.acceptPause) { [weak self] in
            guard let self else { return }
            do { try listen() } catch { pause() }
        }
    }
}
