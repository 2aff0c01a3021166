internal import HTTP

/// An answer on its way as an event stream: waits, paces, stops for a slow client, and breaks off where it is told to.
///
/// Its exchange and its timer keep it alive. Confined to the loop's thread.
final class StreamedAnswer {
    private let loop: EventLoop
    private let exchange: Exchange
    private var script: StreamScript
    private let scenario: Scenario
    private var served: ServedRequest
    private let log: ServiceLog?
    /// When the next piece may go.
    private var due: MonotonicInstant
    private var timer: TimerHandle?
    private var event: [UInt8] = []

    init(
        _ loop: EventLoop, _ exchange: Exchange, _ script: StreamScript, _ scenario: Scenario, _ served: ServedRequest,
        _ log: ServiceLog?
    ) {
        self.loop = loop
        self.exchange = exchange
        self.script = script
        self.scenario = scenario
        self.served = served
        self.log = log
        due = loop.now + scenario.firstToken
    }

    func start() {
        exchange.onGone = { self.stop() }
        exchange.onWritable = { self.advance() }
        exchange.treatsHalfCloseAsGone = true
        guard exchange.isOpen else { return }
        if scenario.firstToken > .zero { wait() } else { begin() }
    }

    private func wait() {
        timer = loop.schedule(after: due - loop.now) { self.begin() }
    }

    private func begin() {
        timer = nil
        guard scenario.ending != .disconnected(after: 0) else { return breakOff() }
        if served.status == 0 {
            served.status = 200
            let headers: Headers = [
                "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache",
                "x-request-id": served.id,
            ]
            exchange.begin(ResponseHead(status: 200, headers: headers))
        }
        advance()
    }

    /// Sends what is due and welcome. A piece that is late because the client was slow is followed at once by the next.
    private func advance() {
        guard served.status != 0, timer == nil else { return }
        while let next = script.next {
            if next == .closing || next == .piece, let most = scenario.ending.words, script.produced >= most { return breakOff() }
            if next == .closing { return finish() }
            guard exchange.isWritable else { return }
            if next == .piece, scenario.pace > .zero {
                if due > loop.now { return pause() }
                due = due + scenario.pace
            }
            send()
        }
    }

    private func pause() {
        timer = loop.schedule(after: due - loop.now) {
            self.timer = nil
            self.advance()
        }
    }

    private func send() {
        event.removeAll(keepingCapacity: true)
        script.append(to: &event)
        exchange.write(event)
    }

    /// Finish reasons, usage and `[DONE]` go out together, behind the log's line.
    private func finish() {
        if scenario.ending != .whole { return breakOff() }
        record(isComplete: true)
        while script.next != nil { send() }
        exchange.end()
    }

    private func breakOff() {
        record(isComplete: false)
        switch scenario.ending {
        case .whole, .ended: exchange.end()
        case .truncated: exchange.abort()
        case .disconnected: exchange.resetSoon(loop)
        }
    }

    /// The client has gone: nothing more is produced.
    private func stop() {
        timer?.cancel()
        timer = nil
        record(isComplete: false)
    }

    private func record(isComplete: Bool) {
        served.completionTokens = script.produced
        served.isComplete = isComplete
        log?.append(served)
        exchange.onGone = nil
        exchange.onWritable = nil
    }
}
