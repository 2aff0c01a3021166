internal import HTTP
internal import Synchronization

/// The gateway whose place this one takes: it goes on serving until this one does, then finishes what it has.
package final class Predecessor: Sendable {
    /// The old one's epoch, whose journal is still written.
    let epoch: Int64
    let sockets: [InheritedSocket]
    /// Whether they are a service manager's.
    let isActivated: Bool
    /// The lock of the state directory, which both hold until the old one has ended.
    let lock: Int32
    private let line: LocalSocket
    private let ended = Atomic<Bool>(false)
    private let thread: WorkerThread

    package var process: Int32? { line.peerProcess }
    /// Whether the old process is gone, and its journal with nobody.
    var hasEnded: Bool { ended.load(ordering: .acquiring) }

    /// The gateway that runs on `state`; nil when none does. Waits while one cannot be followed yet, and throws when that
    /// takes too long.
    package static func find(state: String) throws -> Predecessor? {
        let end = WallClock.monotonicNanoseconds + patience.inNanoseconds
        while true {
            guard let line = try? LocalSocket.connected(to: state, name: HandoverNote.socketName) else { return nil }
            switch try ask(line) {
            case .offer(let offer): return try Predecessor(line, offer)
            case .busy(let reason):
                guard WallClock.monotonicNanoseconds < end else { throw HandoverFault(reason: reason) }
                Pause.take(.milliseconds(200))
            case .gone: return nil
            }
        }
    }

    private enum Answer {
        case offer(Offer)
        case busy(String)
        case gone
    }

    private struct Offer {
        var epoch: Int64
        var isActivated: Bool
        var roles: [ListenerRole]
        var descriptors: [Int32]
    }

    private static func ask(_ line: LocalSocket) throws -> Answer {
        do { try line.send(HandoverNote.hello.text) } catch { return .gone }
        guard case .message(let text, let descriptors) = try line.receive(within: answerMax) else { return .gone }
        switch HandoverNote(text) {
        case .offer(let epoch, let isActivated, let roles):
            return .offer(Offer(epoch: epoch, isActivated: isActivated, roles: roles, descriptors: descriptors))
        case .busy(let reason): return .busy(reason)
        default: throw HandoverFault(reason: "the running gateway's version hands over in another way; stop it first")
        }
    }

    private init(_ line: LocalSocket, _ offer: Offer) throws {
        guard let lock = offer.descriptors.first, offer.descriptors.count == offer.roles.count + 1 else {
            throw HandoverFault(reason: "the running gateway's sockets did not come with its offer")
        }
        self.line = line
        epoch = offer.epoch
        isActivated = offer.isActivated
        self.lock = lock
        sockets = zip(offer.descriptors.dropFirst(), offer.roles).map { InheritedSocket(descriptor: $0, role: $1) }
        thread = try WorkerThread()
    }

    /// Has the old one stop accepting, and waits until it has heard that.
    func relieve() {
        try? line.send(HandoverNote.serving.text)
        _ = try? line.receive(within: Self.answerMax)
        thread.start(name: "predecessor") { [self] thread in
            while !thread.isStopping, !hasEnded { look(within: .milliseconds(100)) }
        }
    }

    /// The same as `hasEnded`, also before anybody watches.
    func hasEndedNow() -> Bool {
        while !hasEnded, look(within: .zero) {}
        return hasEnded
    }

    /// Reads what the old one says, which matters no more, until its end; false when it says nothing.
    @discardableResult
    private func look(within duration: Duration) -> Bool {
        switch try? line.receive(within: duration) {
        case .nothing?: return false
        case .message?: return true
        case .end?, nil:
            ended.store(true, ordering: .releasing)
            return true
        }
    }

    func stopWatching() {
        thread.stop()
        thread.join()
    }

    private static let patience = Duration.seconds(90)
    private static let answerMax = Duration.seconds(10)
}

/// A gateway cannot take another's place.
package struct HandoverFault: Error, CustomStringConvertible {
    var reason: String
    package var description: String { "the running gateway cannot be followed: \(reason)" }
}
