internal import HTTP

/// The bodies of calls that are being read: few at a time, and none for long, since nobody knows yet who sends them. Confined to
/// one thread.
final class CallBodies {
    /// Each may take the bytes of the longest body.
    static let countMax = 8
    /// From the end of the head to the end of the body; a host sends both at once.
    static let timeout = Duration.seconds(10)
    /// How long one may take before it has to make room for a newer one.
    static let patience = Duration.seconds(1)

    private unowned let loop: EventLoop
    private let timeout: Duration
    /// Called with what took too long.
    var givenUp: (Exchange) -> Void = { _ in }
    /// The oldest first.
    private var underWay: [Reading] = []

    private struct Reading {
        var exchange: Exchange
        var since: MonotonicInstant
        var deadline: TimerHandle
    }

    init(loop: EventLoop, timeout: Duration = CallBodies.timeout) {
        self.loop = loop
        self.timeout = timeout
    }

    var count: Int { underWay.count }

    /// Reads a body and calls `done` with it, valid during the call; false, and nothing else, where there is no room for one more.
    func read(_ exchange: Exchange, bytesMax: Int, done: @escaping (UnsafeRawBufferPointer) -> Void) -> Bool {
        if underWay.count >= Self.countMax {
            guard let oldest = underWay.first, loop.now >= oldest.since + Self.patience else { return false }
            giveUp(oldest.exchange)
        }
        let deadline = loop.schedule(after: timeout) { [unowned self, unowned exchange] in giveUp(exchange) }
        underWay.append(Reading(exchange: exchange, since: loop.now, deadline: deadline))
        exchange.onGone = { [unowned self, unowned exchange] in forget(exchange) }
        exchange.collectBody(max: bytesMax) { [self, unowned exchange] body in
            forget(exchange)
            done(body)
        }
        return true
    }

    private func giveUp(_ exchange: Exchange) {
        forget(exchange)
        givenUp(exchange)
    }

    private func forget(_ exchange: Exchange) {
        guard let index = underWay.firstIndex(where: { $0.exchange === exchange }) else { return }
        underWay.remove(at: index).deadline.cancel()
        exchange.onGone = nil
    }
}
