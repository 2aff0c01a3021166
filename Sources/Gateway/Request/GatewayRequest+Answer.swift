internal import HTTP
internal import Policy
internal import Spec

/// Plain answers.
extension GatewayRequest {
    /// Settles a plain answer that is here whole, and passes it on.
    func answer() {
        guard let attempt, let admission else { return }
        noteSuccess(attempt)
        let reported = attempt.answer.withUnsafeBytes { bytes in
            (try? JSONScan(bytes)).flatMap { UsageReport.read($0["usage"], noting: &attempt.doubts) }
        }
        let usage = reported ?? Usage(input: admission.inputEstimate, output: admission.outputHold)
        learn(reported)
        let status = isClientGone ? Self.clientClosedRequest : 200
        let cost = settleAnswer(usage, isEstimated: reported == nil, status: status, ended: isClientGone ? .clientLeft : .complete)
        guard exchange.isOpen else { return finish() }
        var headers = answerHeaders(attempt, admission)
        headers.add("x-charter-cost-usd", cost.dollars)
        headers.add("x-charter-overhead-ms", overheadText(attempt))
        exchange.respond(ResponseHead(status: 200, headers: headers), body: attempt.answer)
        finish()
    }

    /// The provider refused the attempt, with a status that is no success.
    func providerRefused(_ status: Int) {
        guard let attempt else { return }
        let name = "http \(status)"
        switch status {
        case 400, 409, 413, 415, 422:
            noteSuccess(attempt)
            passRefusal(status, attempt)
        case 429:
            let wait = RetryAfter.read(attempt.answerHeaders) ?? .seconds(1)
            noteBusy(attempt, wait: wait)
            attemptFailed(.tooManyRequests, status: status, AnswerError(
                .upstreamRateLimited, "The provider is limiting the gateway's requests.", retryAfter: wait), name)
        case 500...:
            noteFailure(attempt, name)
            attemptFailed(.serverError, status: status, AnswerError(.upstreamError, "The provider failed (HTTP \(status)). \(reason)"), name)
        case 401, 403:
            loop.shared.log.error("a provider refuses the gateway's credential", [
                "provider": attempt.target.provider.name, "status": "\(status)",
            ])
            attemptFailed(nil, status: status, AnswerError(.upstreamError, "The provider refused the gateway's credential."), name)
        default:
            attemptFailed(nil, status: status, AnswerError(.upstreamError, "The provider answered HTTP \(status). \(reason)"), name)
        }
    }

    /// What the provider itself said, if it can be read.
    private var reason: String {
        attempt?.answer.withUnsafeBytes { bytes in
            guard let scan = try? JSONScan(bytes), let error = scan["error"] else { return "" }
            let text = error.object()?["message"]?.string() ?? error.string() ?? ""
            return String(text.prefix(Self.reasonCharactersMax))
        } ?? ""
    }

    private static let reasonCharactersMax = 300

    /// A mistake of the client's that only the provider can see: its answer is the client's.
    private func passRefusal(_ status: Int, _ attempt: Attempt) {
        guard let admission else { return }
        settleAttempt(status: status, usage: Usage(), isEstimated: false, ended: .failed("http \(status)"))
        settleReservation(Usage(), .zero, served: attempt.target.ordinal)
        loop.metrics.countAttempt(attempt.target.model.qualifiedName, outcome: "refused")
        loop.metrics.countRequest(endpoint, status: status)
        guard exchange.isOpen else { return finish() }
        if hasBegun { return end(withEvent: refusalEvent(status, attempt)) }
        var headers = answerHeaders(attempt, admission)
        headers.add("x-charter-cost-usd", NanoUSD.zero.dollars)
        exchange.respond(ResponseHead(status: status, headers: headers), body: attempt.answer)
        finish()
    }

    /// A refusal that comes after the head of the stream: the provider's own object where it sent one, each of its lines in a
    /// line of the event.
    private func refusalEvent(_ status: Int, _ attempt: Attempt) -> [UInt8] {
        let isError = attempt.answer.withUnsafeBytes { bytes in (try? JSONScan(bytes))?["error"].map { !$0.isNull } ?? false }
        guard isError else {
            return shape.event(AnswerError(.upstreamError, "The provider refused the request (HTTP \(status))."), decision: decision)
        }
        let lines = attempt.answer.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
        return lines.flatMap { Array("data: ".utf8) + $0 + Array("\n".utf8) } + Array("\n".utf8)
    }

    func answerHeaders(_ attempt: Attempt, _ admission: Admission) -> Headers {
        var headers = commonHeaders()
        headers.add("content-type", attempt.answerHeaders["content-type"] ?? "application/json")
        headers.add("x-charter-model", attempt.target.model.qualifiedName)
        headers.add("x-charter-attempts", decimal: tried)
        headers.addLimits(admission.reservation)
        return headers
    }

    /// The client left before it got anything. A stream's provider is stopped at once. A plain answer is awaited, so that
    /// it is billed as it is, not as it is guessed; the provider's timeouts bound the wait.
    func leaveAttempt() {
        guard attempt != nil else { return finish() }
        if body?.isStream == true { abandonStream() }
    }

    /// The status under which access logs know a client that left (nginx).
    static let clientClosedRequest = 499

    /// Milliseconds that the gateway itself took, to a thousandth.
    func overheadText(_ attempt: Attempt) -> String {
        let nanoseconds = (attempt.sent - arrived) + (WallClock.monotonicNanoseconds - attempt.ended)
        let microseconds = max(0, nanoseconds / 1000)
        loop.metrics.noteOverhead(nanoseconds: nanoseconds)
        let fraction = String(microseconds % 1000)
        return "\(microseconds / 1000).\(String(repeating: "0", count: 3 - fraction.count))\(fraction)"
    }

    /// Learns from text alone: pictures have no bytes that tell their tokens.
    private func learn(_ usage: Usage?) {
        guard let usage, let body, body.images == 0, body.inputTokens == nil, let attempt else { return }
        loop.learnRatio(of: attempt.target.model.qualifiedName, bytes: body.textBytes, tokens: usage.input)
    }
}

extension GatewayLoop {
    /// Keeps a slowly moving mean of bytes per token; short inputs are mostly JSON and say nothing.
    func learnRatio(of model: String, bytes: Int, tokens: Int64) {
        guard bytes >= Self.learnedBytesMin, tokens > 0 else { return }
        let seen = min(max(Int64(bytes) * 1000 / tokens, Self.ratioMin), Self.ratioMax)
        guard let known = ratios.thousandths[model] else {
            ratios.thousandths[model] = seen
            return
        }
        let next = known + (seen - known) / Self.learningShare
        if next != known { ratios.thousandths[model] = next }
    }

    private static let learnedBytesMin = 512
    /// Thousandths of a byte per token: no tokenizer is outside these.
    private static let ratioMin: Int64 = 1_000
    private static let ratioMax: Int64 = 8_000
    private static let learningShare: Int64 = 16
}
