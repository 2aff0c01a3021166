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

    /// Takes what waits already, then no more. The socket closes when nobody else holds it; with `leavingQueue` it stays
    /// open elsewhere, and what waits is left to whoever goes on with it.
    func stop(leavingQueue: Bool) {
        guard !isStopped else { return }
        if !leavingQueue, registration != nil { accept(atMost: .max) }
        isStopped = true
        stopListening()
    }

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
