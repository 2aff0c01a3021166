internal import HTTP
internal import Spec
internal import Store

/// One delivery under way: sends a request once, and takes as much of the answer as is worth keeping. Confined to its loop.
final class DeliveryAttempt: ResponseReceiver {
    let delivery: ClaimedDelivery
    private let loop: EventLoop
    private let recipient: EventRecipient
    private let done: (DeliveryAnswer, Duration) -> Void
    private let start = ContinuousClock.now
    private var call: Call?
    private var deadline: TimerHandle?
    private var head: ResponseHead?
    private var body: [UInt8] = []
    private var bodyCount = 0

    /// Bytes of an answer that are kept, to be looked at.
    private static let keptBytesMax = 1_000
    /// Bytes of an answer that are waited for; what a receiver says beyond is nobody's concern.
    private static let bodyBytesMax = 64 << 10

    /// `done` is called once, with what came and how long it took, unless the attempt is cancelled.
    init(
        _ delivery: ClaimedDelivery, to recipient: EventRecipient, on loop: EventLoop,
        done: @escaping (DeliveryAnswer, Duration) -> Void
    ) {
        (self.delivery, self.recipient, self.loop, self.done) = (delivery, recipient, loop, done)
    }

    private var timeout: Duration { recipient.timeout }

    func begin(_ request: OutboundRequest, by client: Client) {
        deadline = loop.schedule(after: timeout) { [weak self] in self?.ranOut() }
        call = client.send(request, receiver: self)
    }

    func cancel() {
        deadline?.cancel()
        call?.cancel()
        call = nil
    }

    // MARK: The answer

    func received(head: ResponseHead, call: Call) { self.head = head }

    func received(bytes: UnsafeRawBufferPointer, call: Call) {
        bodyCount += bytes.count
        body += bytes.prefix(Self.keptBytesMax - body.count)
        if bodyCount > Self.bodyBytesMax { finish() }
    }

    func ended(call: Call) { finish() }

    func failed(_ failure: CallFailure, call: Call) {
        if head != nil { finish() } else { settle(.failed(recipient.sentence(of: failure))) }
    }

    private func ranOut() {
        if head != nil { finish() } else { settle(.failed("no answer within \(timeout.wholeMilliseconds / 1000) s")) }
    }

    /// The status has come, and says all that matters, however the rest ended.
    private func finish() {
        guard let head else { return }
        let text = String(decoding: body, as: UTF8.self).printable
        settle(
            .answered(
                status: head.status, retryAfter: head.headers["retry-after"].flatMap { RetryAfter.parse($0, now: .now) }, text: text))
    }

    private func settle(_ answer: DeliveryAnswer) {
        guard call != nil || deadline != nil else { return }
        cancel()
        deadline = nil
        done(answer, start.duration(to: .now))
    }
}

extension EventRecipient {
    /// Why nothing was answered, for people.
    fileprivate func sentence(of failure: CallFailure) -> String {
        switch failure {
        case .connect(let reason): "no connection: \(reason)"
        case .noConnectionFree: "no connection is free"
        case .ownShortage(let reason): "this machine lacks what a connection needs: \(reason)"
        case .timeout: "no answer in time"
        case .malformedResponse(let reason): "the answer is no HTTP: \(reason)"
        case .closedBeforeResponse: "the connection was closed before an answer"
        case .truncated: "the connection was closed within the answer"
        case .addressRefused where privateNetwork: "the address is link-local, or another at which a machine is told of itself"
        case .addressRefused where org != nil: "the address is private, where nothing that an organization declares is sent"
        case .addressRefused: "the address is private, and privateNetwork is not declared"
        case .nameResolution(let reason): "the name has no address: \(reason)"
        case .tls(let reason): "TLS: \(reason)"
        case .invalidRequest: "the request cannot be written"
        }
    }
}
