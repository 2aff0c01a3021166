internal import HTTP

/// Asks the providers that declare it how they are, on one loop of the gateway.
final class HealthChecker {
    private unowned let gateway: GatewayLoop
    private var checks: [String: HealthCheck] = [:]

    init(_ gateway: GatewayLoop) { self.gateway = gateway }

    /// Goes on with the providers of a new revision.
    func take(_ providers: [ProviderEndpoint?]) {
        var next: [String: HealthCheck] = [:]
        for provider in providers.compactMap({ $0 }) where provider.fault == nil {
            guard let question = provider.question else { continue }
            let check = checks.removeValue(forKey: provider.uid) ?? HealthCheck(gateway)
            check.ask(question, of: provider)
            next[provider.uid] = check
        }
        for check in checks.values { check.stop() }
        checks = next
    }
}

/// What a provider is asked about its health.
struct HealthQuestion: Hashable, Sendable {
    var path: String
    var every: Duration
    var timeout: Duration
}

/// The questions to one provider, one at a time.
private final class HealthCheck: ResponseReceiver {
    private unowned let gateway: GatewayLoop
    private var provider: ProviderEndpoint?
    private var question: HealthQuestion?
    private var next: TimerHandle?
    private var call: Call?
    private var status = 0

    init(_ gateway: GatewayLoop) { self.gateway = gateway }

    func ask(_ question: HealthQuestion, of provider: ProviderEndpoint) {
        self.provider = provider
        guard question != self.question else { return }
        self.question = question
        // Not all at the same moment.
        wait(min(question.every, Self.firstWithin) * Double.random(in: 0...1))
    }

    func stop() {
        next?.cancel()
        call?.cancel()
        next = nil
        call = nil
        provider = nil
    }

    private static let firstWithin = Duration.milliseconds(500)

    private func wait(_ duration: Duration) {
        next?.cancel()
        next = gateway.loop.schedule(after: duration) { [weak self] in self?.send() }
    }

    private func send() {
        guard let provider, let question else { return }
        wait(question.every * Double.random(in: 0.9...1.1))
        guard call == nil else { return }
        status = 0
        let timeouts = CallTimeouts(
            connect: question.timeout, firstByte: question.timeout, idle: question.timeout, total: question.timeout)
        call = gateway.client(for: provider).send(
            OutboundRequest(
                method: .get, origin: provider.origin, target: provider.basePath + question.path, headers: provider.checkHeaders,
                timeouts: timeouts),
            receiver: self)
    }

    func received(head: ResponseHead, call: Call) { status = head.status }
    func received(bytes: UnsafeRawBufferPointer, call: Call) {}

    func ended(call: Call) {
        // Being asked too often is no illness, nor is it health.
        guard status != 429 else { return over() }
        answered((200..<300).contains(status), "HTTP \(status)")
    }

    func failed(_ failure: CallFailure, call: Call) {
        // A bound of our own says nothing about the provider.
        guard failure.speaksAgainstProvider else { return over() }
        answered(false, failure.recordName)
    }

    private func over() { call = nil }

    private func answered(_ isGood: Bool, _ reason: String) {
        over()
        guard let provider else { return }
        switch provider.health.checked(isGood, reason: reason) {
        case .fell: gateway.shared.log.warning("a provider is ill", ["provider": provider.name, "reason": reason])
        case .recovered: gateway.shared.log.note("a provider is well again", ["provider": provider.name])
        case nil: break
        }
    }
}
