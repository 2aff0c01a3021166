internal import HTTP
internal import Policy
internal import Spec

/// Plain answers.
extension GatewayRequest {
    /// Settles a plain answer that is here whole, and passes it on.
    func answer() {
        guard let attempt else { return }
        guard isAnswer(attempt) else {
            return answerBrokeOff(.serverError, AnswerError(.upstreamError, "The provider's answer is not JSON."), "no JSON")
        }
        noteSuccess(attempt)
        if asked.endpoint.isMetered { return answerMetered(attempt) }
        let normalizer = attempt.normalizer(body?.endpoint ?? endpoint, decision)
        let bounds = bounds(of: attempt)
        var completed: [UInt8]?
        var written: Int?
        let reported = attempt.answer.withUnsafeBytes { bytes -> Usage? in
            guard let scan = try? JSONScan(bytes) else { return nil }
            completed = normalizer.completed(scan)
            spans?.answered(by: scan["model"]?.string())
            if attempt.target.prices?.hasTiers == true { attempt.serviceTier = scan["service_tier"]?.string() }
            if let usage = UsageReport.read(scan["usage"], within: bounds, noting: &attempt.doubts) { return usage }
            written = AnswerText.bytes(ofChoices: scan["choices"])
            return nil
        }
        let usage = reported ?? wholeUsage(attempt, written: written)
        learn(reported)
        finishAnswer(attempt, usage, isEstimated: reported == nil, completed ?? attempt.answer)
    }

    /// Settles, and gives the client `text`.
    func finishAnswer(_ attempt: Attempt, _ usage: Usage, isEstimated: Bool, _ text: [UInt8]) {
        guard let admission else { return }
        let (status, ended) = isClientGone ? departure : (status: 200, ending: .complete)
        // What waits for the disk may still be refused.
        let waits = admission.isStrict && exchange.isOpen
        let cost = settleAnswer(usage, isEstimated: isEstimated, status: status, ended: ended, isTold: !waits)
        guard exchange.isOpen else { return finish() }
        var headers = answerHeaders(attempt, admission)
        headers.add("x-charter-cost-usd", cost.dollars)
        headers.add("x-charter-overhead-ms", overheadText(attempt))
        let head = ResponseHead(status: 200, headers: headers)
        let whole = form.answer(text, usage, cost: cost)
        phase = .settled
        whenRecorded { [self] isRecorded in
            guard isRecorded else { return refuse(.unrecordable) }
            if waits { loop.metrics.countRequest(endpoint, status: status) }
            exchange.respond(head, body: whole)
            finish()
        }
    }

    /// `contentType` is the provider's when nil.
    func answerHeaders(_ attempt: Attempt, _ admission: OpenAdmission, contentType: String? = nil) -> Headers {
        var headers = commonHeaders()
        headers.add("content-type", contentType ?? attempt.answerHeaders["content-type"] ?? "application/json")
        headers.add("x-charter-model", attempt.target.model.qualifiedName)
        headers.add("x-charter-attempts", decimal: tried)
        headers.add(admission.reservation.limits, as: family.limitHeaders, now: now)
        if let downgradedFrom { headers.add("x-charter-downgraded-from", downgradedFrom) }
        if let warning = admission.softWarning { headers.add("x-charter-budget-warning", warning) }
        return headers
    }

    /// The client left before it got anything. A stream's provider is stopped at once, and what no provider has been given is
    /// not sent any more. Else a plain answer is awaited, so that it is billed as it is, not as it is guessed; the provider's
    /// timeouts bound the wait.
    func leaveAttempt() {
        guard body?.isStream != true, let call = attempt?.call, call.isSent else { return abandonAttempt() }
        call.mayStartOver = false
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
        guard let usage, let body, body.images == 0, body.media == MediaFacts(), body.inputTokens == nil, let attempt else { return }
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
