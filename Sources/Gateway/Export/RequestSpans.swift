internal import HTTP
internal import Policy
internal import Spec

/// Gathers what a request's spans are to tell while it goes on. Confined to its loop's thread; made for sampled requests alone.
final class RequestSpans {
    private var request: TracedRequest
    /// From the monotonic clock to the time of day, as of the request's beginning: so its spans fit together whatever is done to the clock.
    private let sinceBoot: Int64

    init(_ head: RequestHead, _ trace: TraceContext, decision: String, _ called: CalledEndpoint, _ loop: GatewayLoop) {
        let now = WallClock.unixNanoseconds
        sinceBoot = now - WallClock.monotonicNanoseconds
        request = TracedRequest(
            trace: trace, traceState: trace.state(from: head.headers) ?? "", decision: decision, path: head.path,
            isSecure: loop.shared.options.tls != nil, operation: GenAINames.operation(called.endpoint), startedAt: now)
    }

    private var now: Int64 { sinceBoot + WallClock.monotonicNanoseconds }

    func authenticated(_ caller: Caller) { request.account = caller.identity }

    /// The rules know the model.
    func permitted(_ body: InferenceBody) {
        request.operation = GenAINames.operation(body.endpoint)
        request.model = body.model
        request.isStream = body.isStream
    }

    func opened(_ attempt: Attempt, number: Int, at origin: Origin, endpoint: Endpoint) {
        let target = attempt.target
        request.attempts.append(TracedAttempt(
            number: number, operation: GenAINames.operation(endpoint),
            model: ExportedModel(
                provider: GenAINames.provider(target.provider.name, target.provider.spec.dialect), upstream: target.upstreamName),
            qualifiedName: target.model.qualifiedName, origin: origin, isStream: request.isStream, startedAt: sinceBoot + attempt.sent))
    }

    func headArrived(status: Int) { change { $0.status = status } }

    /// A piece of an answer's stream has come.
    func chunkArrived() {
        let now = now
        change { if $0.firstChunkAt == nil { $0.firstChunkAt = now } }
    }

    /// What the provider calls the model that answers. One that says something else there is not believed.
    func answered(by model: String?) {
        guard let model, model.utf8.count <= Self.modelBytesMax, model.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return }
        change { $0.answeredModel = model }
    }

    func settled(_ attempt: Attempt, at end: Int64, _ usage: Usage, cost: NanoUSD, isEstimated: Bool, _ ended: Ending) {
        if attempt.isEventStream { answered(by: attempt.relay.model) }
        let end = sinceBoot + end
        change { attempt in
            attempt.endedAt = end
            attempt.usage = usage
            attempt.cost = cost
            attempt.isEstimated = isEstimated
            attempt.ended = ended
        }
    }

    /// The client is told of an error, with a status or in its stream.
    func told(_ error: AnswerError) {
        let place = error.rule?.origin.map { $0.override == nil ? "\($0.path):\($0.line)" : $0.path }
        request.error = TracedError(code: error.charterCode, status: error.status, rule: place)
    }

    func began(status: Int) { request.status = status }

    func ended() { request.endedAt = now }

    /// The whole, when nothing comes any more.
    func finished(revision: String) -> TracedRequest {
        request.revision = revision
        if request.endedAt == 0 { request.endedAt = now }
        for index in request.attempts.indices where request.attempts[index].endedAt == 0 { request.attempts[index].endedAt = request.endedAt }
        return request
    }

    private func change(_ change: (inout TracedAttempt) -> Void) {
        guard let last = request.attempts.indices.last else { return }
        change(&request.attempts[last])
    }

    /// Longer than any model's name.
    private static let modelBytesMax = 128
}
