internal import HTTP

/// Brings one message after the other to a collector, each again and again until it is taken, refused for good, or too old.
/// Confined to the exporter's loop.
final class CollectorDelivery {
    private let signal: TelemetrySignal
    private let address: CollectorAddress
    private let telemetry: Telemetry
    private let client: Client
    private let loop: EventLoop
    private let log: Log
    private var message: Message?
    private var call: Call?
    private var pause: TimerHandle?
    private var answer = Answer()
    private var isFailing = false
    /// When nothing is tried any more.
    private var end = MonotonicInstant.never

    private struct Message {
        var body: [UInt8]
        var itemCount: Int
        var tries = 0
        var giveUpAt: MonotonicInstant
        var done: () -> Void
    }

    private struct Answer {
        var status = 0
        var wait: Duration?
        var body: [UInt8] = []
    }

    init(_ signal: TelemetrySignal, to address: CollectorAddress, _ telemetry: Telemetry, client: Client, loop: EventLoop, log: Log) {
        self.signal = signal
        self.address = address
        self.telemetry = telemetry
        self.client = client
        self.loop = loop
        self.log = log
    }

    var isBusy: Bool { message != nil }

    /// Sends a message when the one before is over; `done` is called once it is itself, whatever became of it.
    func send(_ body: [UInt8], itemCount: Int, _ done: @escaping () -> Void) {
        message = Message(body: body, itemCount: itemCount, giveUpAt: min(end, loop.now + telemetry.options.patience), done: done)
        attempt()
    }

    /// Nothing is tried after `end`, and what waits to be tried again is at once.
    func hurry(by end: MonotonicInstant) {
        self.end = end
        if let late = message?.giveUpAt, late > end { message?.giveUpAt = end }
        guard pause != nil else { return }
        pause?.cancel()
        attempt()
    }

    /// Gives up what is under way.
    func cancel() {
        call?.cancel()
        pause?.cancel()
        over(.failed)
    }

    private func attempt() {
        pause = nil
        message?.tries += 1
        answer = Answer()
        let headers = telemetry.options.headers
        guard !headers.areFixed else { return post(headers.fields) }
        // A file may lie where reading takes long.
        loop.offload({ headers.fields }, then: { [weak self] in self?.post($0) })
    }

    private func post(_ fields: Result<Headers, CollectorHeaders.Fault>) {
        guard let message, call == nil else { return }
        switch fields {
        case .failure(let fault): again("\(fault)")
        case .success(var headers):
            headers.add("content-type", "application/json")
            headers.add("user-agent", "charter-gateway/\(GatewayVersion.current)")
            let left = max(.milliseconds(1), min(telemetry.options.timeout, message.giveUpAt - loop.now))
            call = client.send(
                OutboundRequest(
                    method: .post, origin: address.origin, target: address.path, headers: headers, body: message.body,
                    timeouts: CallTimeouts(connect: left, firstByte: left, idle: left, total: left)),
                receiver: self)
        }
    }

    /// Tries once more after a while, if there is time; `wait` is what the collector asked for.
    private func again(_ reason: String, after wait: Duration? = nil) {
        note(reason)
        guard let message else { return }
        let pause = wait ?? Self.backoff(message.tries)
        guard loop.now + pause < message.giveUpAt else { return over(.failed) }
        self.pause = loop.schedule(after: pause) { [weak self] in self?.attempt() }
    }

    /// A second, then twice as long each time, spread so that many gateways do not come together.
    private static func backoff(_ tries: Int) -> Duration {
        Duration.seconds(1 << min(tries - 1, 5)) * Double.random(in: 0.75...1.25)
    }

    private func over(_ fate: TelemetryCounts.Fate, rejected: Int = 0) {
        guard let message else { return }
        self.message = nil
        call = nil
        pause = nil
        let left = min(max(0, rejected), message.itemCount)
        telemetry.counts.count(signal, fate, message.itemCount - left)
        telemetry.counts.count(signal, .rejected, left)
        message.done()
    }

    /// The log is told of changes alone, and never in the collector's words.
    private func note(_ reason: String?) {
        guard isFailing != (reason != nil) else { return }
        isFailing = reason != nil
        let fields = ["collector": address.origin.description, "signal": signal.rawValue]
        guard let reason else { return log.note("the collector takes telemetry again", fields) }
        log.warning("the collector does not take telemetry", fields.merging(["reason": reason]) { $1 })
    }
}

extension CollectorDelivery: ResponseReceiver {
    func received(head: ResponseHead, call: Call) {
        answer.status = head.status
        answer.wait = RetryAfter.read(head.headers)
    }

    func received(bytes: UnsafeRawBufferPointer, call: Call) {
        answer.body.append(contentsOf: bytes.prefix(max(0, Self.answerBytesMax - answer.body.count)))
    }

    func ended(call: Call) {
        self.call = nil
        switch answer.status {
        case 200..<300:
            telemetry.counts.count(signal, .taken)
            note(nil)
            over(.sent, rejected: rejectedCount)
        // All that OTLP has tried again (opentelemetry.io/docs/specs/otlp, "Retryable Response Codes").
        case 429, 502, 503, 504:
            telemetry.counts.count(signal, .refused)
            again("http \(answer.status)", after: answer.wait)
        default:
            telemetry.counts.count(signal, .refused)
            note("http \(answer.status)")
            over(.failed)
        }
    }

    func failed(_ failure: CallFailure, call: Call) {
        self.call = nil
        telemetry.counts.count(signal, .unanswered)
        again(failure.detail.map { "\(failure.recordName): \($0)" } ?? failure.recordName)
    }

    /// What the collector left out of a message that it took: `partialSuccess`, with a number that may be a string.
    private var rejectedCount: Int {
        answer.body.withUnsafeBytes { bytes in
            guard let partial = (try? JSONScan(bytes))?["partialSuccess"]?.object() else { return 0 }
            let count = partial["rejectedSpans"] ?? partial["rejectedDataPoints"]
            return count?.string().flatMap { Int($0) } ?? count?.int().map { Int(clamping: $0) } ?? 0
        }
    }

    private static let answerBytesMax = 64 * 1024
}
