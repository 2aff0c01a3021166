import Glibc

/// Event streams side by side, each begun anew when it ends.
struct StreamLoad {
    private let port: UInt16
    private let request: [UInt8]
    private let seconds: Int
    private let warmUp: Int
    private var peers: [Peer]
    /// Of each stream: what was read and not yet understood, and the number that its next event must have.
    private var rests: [[UInt8]]
    private var next: [Int]
    private let poller: Poller
    private var latencies = Latencies()
    private var whole = 0
    private var broken = 0
    private var lost = 0
    private var found: [StampedEvent] = []
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)

    init(_ arguments: Arguments) throws {
        Loopback.raiseLimits()
        port = try arguments.port()
        request = try arguments.request()
        seconds = try arguments.number("seconds")
        warmUp = try arguments.number("warm-up", else: 2)
        let count = try arguments.number("streams")
        peers = Array(repeating: Peer(), count: count)
        rests = Array(repeating: [], count: count)
        next = Array(repeating: 0, count: count)
        poller = try Poller()
    }

    mutating func run() throws -> String {
        let start = Clock.now()
        let countedFrom = start + warmUp * Clock.nanosecondsPerSecond
        let end = countedFrom + seconds * Clock.nanosecondsPerSecond
        // Spread over the first second, so that their events do not come all at once.
        let spread = Clock.nanosecondsPerSecond / peers.count
        var opened = 0
        while Clock.now() < end {
            while opened < peers.count, Clock.now() >= start + opened * spread {
                try open(opened)
                opened += 1
            }
            let wake = opened < peers.count ? start + opened * spread : end
            try poller.wait(until: wake) { number, canWrite in try handle(number, canWrite, countedFrom) }
        }
        let shares = [0.5, 0.99, 0.999].map { String(latencies.microseconds(at: $0)) }
        return
            ([whole, broken, latencies.total, lost].map(String.init) + shares + [String(latencies.worstMicroseconds)])
            .joined(separator: " ")
    }

    private mutating func open(_ number: Int) throws {
        rests[number] = []
        next[number] = 0
        guard peers[number].connect(to: port, number: number, poller) else {
            throw LoadError(reason: "no connection can be opened")
        }
    }

    private mutating func handle(_ number: Int, _ canWrite: Bool, _ countedFrom: Int) throws {
        if peers[number].state == .connecting {
            guard canWrite else { return }
            peers[number].connected(number: number, poller)
            if !peers[number].send(request) { try restart(number) }
            return
        }
        guard let receipt = peers[number].receive(into: buffer) else { return }
        let now = Clock.now()
        found.removeAll(keepingCapacity: true)
        StampedEvent.scan(
            UnsafeRawBufferPointer(rebasing: buffer[..<receipt.count]), rest: &rests[number], into: &found)
        for event in found {
            if now >= countedFrom { latencies.add(now - event.stamp) }
            lost += abs(event.number - next[number])
            next[number] = event.number + 1
        }
        switch receipt.outcome {
        case .more: break
        case .broken: try restart(number)
        case .whole(let status, let staysOpen):
            if status == 200 { whole += 1 } else { broken += 1 }
            guard staysOpen, status == 200 else {
                peers[number].close()
                return try open(number)
            }
            (rests[number], next[number]) = ([], 0)
            if !peers[number].send(request) { try restart(number) }
        }
    }

    private mutating func restart(_ number: Int) throws {
        broken += 1
        guard broken < Self.brokenMax else { throw LoadError(reason: "streams break all the time") }
        peers[number].close()
        try open(number)
    }

    private static let brokenMax = 10_000
}
