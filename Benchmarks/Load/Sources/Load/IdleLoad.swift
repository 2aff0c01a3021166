import Glibc

/// Connections that have had one answer each and then stand idle.
struct IdleLoad {
    private let port: UInt16
    private let request: [UInt8]
    private let seconds: Int
    private var peers: [Peer]
    private let poller: Poller
    private var answered = 0
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)

    /// Requests under way at once.
    private static let sideBySide = 64

    init(_ arguments: Arguments) throws {
        Loopback.raiseLimits()
        port = try arguments.port()
        request = try arguments.request()
        seconds = try arguments.number("seconds")
        peers = Array(repeating: Peer(), count: try arguments.number("connections"))
        poller = try Poller()
    }

    /// Says `open N` when all have had their answer, and hands over how many answer again at the end.
    mutating func run(_ tell: (String) -> Void) throws -> String {
        try askAll()
        tell("open \(answered)")
        let end = Clock.now() + seconds * Clock.nanosecondsPerSecond
        while Clock.now() < end { handleEvents(until: end) }
        answered = 0
        try askAll()
        return "answered \(answered)"
    }

    private mutating func askAll() throws {
        for from in stride(from: 0, to: peers.count, by: Self.sideBySide) {
            let batch = from..<min(from + Self.sideBySide, peers.count)
            for number in batch {
                if peers[number].state == .closed {
                    _ = peers[number].connect(to: port, number: number, poller)
                } else {
                    _ = peers[number].send(request)
                }
            }
            let patience = Clock.now() + 5 * Clock.nanosecondsPerSecond
            while batch.contains(where: { peers[$0].state == .connecting || peers[$0].state == .busy }),
                Clock.now() < patience
            {
                handleEvents(until: patience)
            }
        }
    }

    private mutating func handleEvents(until: Int) {
        poller.wait(until: until) { number, canWrite in handle(number, canWrite) }
    }

    private mutating func handle(_ number: Int, _ canWrite: Bool) {
        if peers[number].state == .connecting {
            guard canWrite else { return }
            peers[number].connected(number: number, poller)
            _ = peers[number].send(request)
            return
        }
        guard peers[number].state != .closed, let receipt = peers[number].receive(into: buffer) else { return }
        switch receipt.outcome {
        case .more: break
        case .broken: peers[number].close()
        case .whole(let status, _): if status == 200 { answered += 1 }
        }
    }
}
