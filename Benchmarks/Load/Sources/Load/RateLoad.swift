import Glibc

/// Requests that are due at fixed times, whatever became of those before.
struct RateLoad {
    private let port: UInt16
    private let request: [UInt8]
    private let period: Double
    private let seconds: Int
    private let warmUp: Int
    private let timeout: Int
    private let isFresh: Bool
    /// Whether a request that finds no free connection waits for one; it is given up otherwise.
    private let isPatient: Bool
    private var peers: [Peer]
    private var free: [Int]
    private let poller: Poller
    /// When the requests that no connection was free for were due, oldest first from `waitingFrom`.
    private var waiting: [Int] = []
    private var waitingFrom = 0
    private var figures = Figures()
    private var countedFrom = 0
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)

    private struct Figures {
        var due = 0
        var good = 0
        var otherwise = 0
        var failed = 0
        var late = 0
        var latencies = Latencies()
    }

    init(_ arguments: Arguments) throws {
        Loopback.raiseLimits()
        port = try arguments.port()
        request = try arguments.request()
        period = Double(Clock.nanosecondsPerSecond) / Double(try arguments.number("rate"))
        seconds = try arguments.number("seconds")
        warmUp = try arguments.number("warm-up", else: 1)
        timeout = try arguments.number("timeout", else: 5000) * Clock.nanosecondsPerMillisecond
        isFresh = arguments.text("fresh") == "yes"
        isPatient = arguments.text("queue") != "no"
        let count = try arguments.number("connections")
        peers = Array(repeating: Peer(), count: count)
        free = Array((0..<count).reversed())
        poller = try Poller()
    }

    mutating func run() throws -> String {
        if !isFresh { openAll() }
        let start = Clock.now()
        countedFrom = start + warmUp * Clock.nanosecondsPerSecond
        let end = start + (warmUp + seconds) * Clock.nanosecondsPerSecond
        var number = 0
        var nextDue = start
        var nextSweep = start + Clock.nanosecondsPerSecond / 10
        while nextDue < end {
            let now = Clock.now()
            while nextDue <= now, nextDue < end {
                if nextDue >= countedFrom { figures.due += 1 }
                waiting.append(nextDue)
                number += 1
                nextDue = start + Int(Double(number) * period)
            }
            startWaiting(now)
            if now >= nextSweep {
                giveUpLate(now)
                nextSweep = now + Clock.nanosecondsPerSecond / 10
            }
            handleEvents(until: min(nextDue, nextSweep))
        }
        // What is still under way has its time, too.
        while free.count < peers.count || waitingFrom < waiting.count, Clock.now() < end + timeout {
            startWaiting(Clock.now())
            giveUpLate(Clock.now())
            handleEvents(until: Clock.now() + 10 * Clock.nanosecondsPerMillisecond)
        }
        return line()
    }

    private func line() -> String {
        let times = figures.latencies
        let shares = [0.5, 0.9, 0.99, 0.999].map { String(times.microseconds(at: $0)) }
        let counts = [figures.due, figures.good, figures.otherwise, figures.failed, figures.late].map(String.init)
        return (counts + shares + [String(times.worstMicroseconds)]).joined(separator: " ")
    }

    /// Connections before the first request, so that opening them is no part of it.
    private mutating func openAll() {
        for number in peers.indices { _ = peers[number].connect(to: port, number: number, poller) }
        free = []
        let patience = Clock.now() + 5 * Clock.nanosecondsPerSecond
        while free.count < peers.count, Clock.now() < patience {
            handleEvents(until: Clock.now() + Clock.nanosecondsPerSecond / 10)
        }
    }

    private mutating func startWaiting(_ now: Int) {
        while waitingFrom < waiting.count, !free.isEmpty || !isPatient || now - waiting[waitingFrom] > timeout {
            let due = waiting[waitingFrom]
            waitingFrom += 1
            if now - due <= timeout, let number = free.popLast() {
                begin(number, due)
            } else {
                count(due) { $0.late += 1 }
            }
        }
        if waitingFrom > 4096, waitingFrom * 2 > waiting.count {
            waiting.removeFirst(waitingFrom)
            waitingFrom = 0
        }
    }

    private mutating func begin(_ number: Int, _ due: Int) {
        peers[number].due = due
        if peers[number].state == .idle {
            if !peers[number].send(request) { fail(number) }
        } else if !peers[number].connect(to: port, number: number, poller) {
            fail(number)
        }
    }

    private mutating func handleEvents(until: Int) {
        poller.wait(until: until) { number, canWrite in handle(number, canWrite) }
    }

    private mutating func handle(_ number: Int, _ canWrite: Bool) {
        switch peers[number].state {
        case .closed: break
        case .connecting:
            guard canWrite else { return }
            peers[number].connected(number: number, poller)
            if peers[number].due == 0 { free.append(number) } else if !peers[number].send(request) { fail(number) }
        case .idle, .busy: receive(number)
        }
    }

    private mutating func receive(_ number: Int) {
        let wasIdle = peers[number].state == .idle
        guard let receipt = peers[number].receive(into: buffer) else { return }
        switch receipt.outcome {
        case .more: break
        case .broken:
            // A server may close a connection that it has no request of.
            if wasIdle { peers[number].close() } else { fail(number) }
        case .whole(let status, let staysOpen):
            let due = peers[number].due
            let latency = Clock.now() - due
            if latency > timeout {
                count(due) { $0.late += 1 }
            } else {
                count(due) {
                    if status == 200 { $0.good += 1 } else { $0.otherwise += 1 }
                    $0.latencies.add(latency)
                }
            }
            if isFresh || !staysOpen { peers[number].close() }
            release(number)
        }
    }

    private mutating func fail(_ number: Int) {
        count(peers[number].due) { $0.failed += 1 }
        peers[number].close()
        release(number)
    }

    private mutating func release(_ number: Int) {
        peers[number].due = 0
        free.append(number)
    }

    /// Leaves those that were not answered in time, as an impatient client does.
    private mutating func giveUpLate(_ now: Int) {
        for number in peers.indices where peers[number].due > 0 && now - peers[number].due > timeout {
            count(peers[number].due) { $0.late += 1 }
            peers[number].close()
            release(number)
        }
    }

    private mutating func count(_ due: Int, _ body: (inout Figures) -> Void) {
        if due >= countedFrom { body(&figures) }
    }
}
