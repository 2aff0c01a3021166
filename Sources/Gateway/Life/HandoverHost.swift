internal import HTTP
internal import Synchronization

/// Waits for the gateway that is to take this one's place, on a thread of its own.
final class HandoverHost: Sendable {
    /// What is handed on; nil with the reason while this gateway cannot be followed.
    typealias Offer = @Sendable () -> Result<Goods, HandoverFault>

    struct Goods {
        var epoch: Int64
        var lock: Int32
        /// Whether the sockets are a service manager's.
        var isActivated: Bool
        var sockets: [(role: ListenerRole, socket: ListeningSocket)]
    }

    private let door: LocalSocket
    private let log: Log
    private let offer: Offer
    /// Has this gateway stop accepting, finish and end, and does not wait for it.
    private let release: @Sendable (_ follower: Int32?) -> Void
    private let thread: WorkerThread
    /// Kept open until the process ends: that it closes tells the follower so.
    private let follower = Mutex<LocalSocket?>(nil)
    private let lending = Atomic(false)

    init(
        state: String, log: Log, offer: @escaping Offer, release: @escaping @Sendable (_ follower: Int32?) -> Void
    ) throws {
        door = try LocalSocket.listening(in: state, name: HandoverNote.socketName)
        self.log = log
        self.offer = offer
        self.release = release
        thread = try WorkerThread()
    }

    func start() {
        thread.start(name: "handover") { [self] thread in
            while !thread.isStopping {
                do {
                    guard let line = try door.accept(within: Self.pollEvery) else { continue }
                    if try talk(line, thread) { return }
                } catch {
                    log.warning("another gateway could not take over", ["reason": "\(error)"])
                    thread.sleep(Self.pollEvery)
                }
            }
        }
    }

    /// Whether another gateway has been given the sockets: what is done to them is done to its own.
    var hasLentSockets: Bool { lending.load(ordering: .sequentiallyConsistent) }

    func stop() {
        thread.stop()
        thread.join()
    }

    /// True once the other one has taken over.
    private func talk(_ line: LocalSocket, _ thread: WorkerThread) throws -> Bool {
        guard case .message(let text, _) = try line.receive(within: Self.helloMax), HandoverNote(text) == .hello else { return false }
        let goods: Goods
        switch offer() {
        case .success(let offered): goods = offered
        case .failure(let fault):
            try line.send(HandoverNote.busy(fault.reason).text)
            return false
        }
        lending.store(true, ordering: .sequentiallyConsistent)
        // One that dies before it has read this is noticed below.
        try? line.send(
            HandoverNote.offer(epoch: goods.epoch, isActivated: goods.isActivated, roles: goods.sockets.map(\.role)).text,
            descriptors: [goods.lock] + goods.sockets.map(\.socket.descriptor))
        // Said when the sockets are on their way: from then on they outlive this process.
        log.note("another gateway is about to take over", ["process": line.peerProcess.map(String.init) ?? ""])
        guard isServing(line, thread) else { return false }
        release(line.peerProcess)
        try? line.send(HandoverNote.released.text)
        follower.withLock { $0 = line }
        return true
    }

    /// Waits for as long as the other one starts; one that dies meanwhile changes nothing.
    private func isServing(_ line: LocalSocket, _ thread: WorkerThread) -> Bool {
        while !thread.isStopping {
            switch try? line.receive(within: Self.pollEvery) {
            case .message(let text, _)? where HandoverNote(text) == .serving: return true
            case .nothing?: continue
            // An error too: a connection whose other end has gone with something unread is reset.
            case .message?, .end?, nil:
                log.warning("the gateway that was about to take over is gone; this one goes on")
                lending.store(false, ordering: .sequentiallyConsistent)
                return false
            }
        }
        return false
    }

    private static let pollEvery = Duration.milliseconds(100)
    private static let helloMax = Duration.seconds(2)
}
