internal import HTTP
internal import Policy
internal import Spec

/// Plain answers, as long as they can be kept, and those too large for that.
extension GatewayRequest {
    /// Keeps more of an answer, as long as it is short enough and there is room for it.
    func keep(_ bytes: UnsafeRawBufferPointer, of attempt: Attempt, _ call: Call) {
        attempt.received += bytes.count
        attempt.answer.append(contentsOf: bytes)
        if attempt.passesAtOnce {
            beginPassing()
        } else if attempt.answer.count > AnswerLimits.keptBytesMax {
            keepNoLonger(call, AnswerError(.upstreamError, "The answer is larger than this endpoint gives."), "answer too large")
        } else if exchange.hold(bytes.count) {
            attempt.heldBytes += bytes.count
        } else {
            keepNoLonger(call, .noRoom, "no room for the answer")
        }
    }

    /// What must be changed cannot be passed on in pieces.
    private func keepNoLonger(_ call: Call, _ error: AnswerError, _ reason: String) {
        if form.passesAnswers { return beginPassing() }
        call.cancel()
        attempt?.ended = WallClock.monotonicNanoseconds
        answerBrokeOff(nil, error, reason, isProviders: false)
    }

    /// Begins to pass on an answer before its end is known; its head cannot tell the cost.
    private func beginPassing() {
        guard let attempt, let admission else { return }
        phase = .passing
        // Of an answer that nobody reads only the end is still of interest.
        if exchange.isOpen {
            exchange.begin(ResponseHead(status: 200, headers: answerHeaders(attempt, admission)))
            exchange.onWritable = { [weak attempt] in attempt?.call?.resume() }
            exchange.write(attempt.answer)
        }
        noteTier(attempt, in: [UInt8](attempt.answer.prefix(AnswerLimits.tailBytesMax)))
        releaseKept(attempt)
        body = nil
        exchange.releaseHeld()
    }

    func pass(_ bytes: UnsafeRawBufferPointer) {
        guard let attempt else { return }
        exchange.write(bytes)
        attempt.received += bytes.count
        attempt.answer.append(contentsOf: bytes)
        if attempt.answer.count > 2 * AnswerLimits.tailBytesMax { keepTail(attempt) }
        if exchange.isOpen, !exchange.isWritable { attempt.call?.pause() }
    }

    func endPassing() {
        guard let attempt else { return }
        noteSuccess(attempt)
        noteTier(attempt, in: attempt.answer)
        let (usage, isEstimated) = passedUsage(attempt)
        let (status, ended) = isClientGone ? departure : (status: 200, ending: .complete)
        _ = settleAnswer(usage, isEstimated: isEstimated, status: status, ended: ended)
        phase = .settled
        whenRecorded { [self] isRecorded in
            isRecorded ? exchange.end() : exchange.abort()
            finish()
        }
    }

    private func passedUsage(_ attempt: Attempt) -> (usage: Usage, isEstimated: Bool) {
        let bounds = bounds(of: attempt)
        if asked.endpoint.isMetered {
            return meteredUsage(attempt, MeteredReport(tail: attempt.answer, asked, within: bounds, noting: &attempt.doubts))
        }
        let reported = UsageReport.readTail(attempt.answer, within: bounds, noting: &attempt.doubts)
        return (reported ?? wholeUsage(attempt), reported == nil)
    }

    /// An answer that breaks off after its head has been sent can only break off for the client too.
    func passingFailed(_ failure: CallFailure) {
        guard let attempt else { return }
        if failure.speaksAgainstAnswering { noteFailure(attempt, failure.recordName) }
        _ = settleAnswer(brokenUsage(attempt), isEstimated: true, status: failure.answerError.status, ended: .failed(failure.recordName))
        exchange.abort()
        finish()
    }

    /// Providers tell the class of service before the choices or behind them.
    private func noteTier(_ attempt: Attempt, in part: [UInt8]) {
        guard attempt.target.prices?.hasTiers == true, let tier = UsageReport.serviceTier(in: part) else { return }
        attempt.serviceTier = tier
    }

    /// What was kept goes together with its storage: a reader that stops would hold both.
    private func releaseKept(_ attempt: Attempt) {
        attempt.answer = [UInt8](attempt.answer.suffix(AnswerLimits.tailBytesMax))
    }

    private func keepTail(_ attempt: Attempt) {
        attempt.answer.removeFirst(max(0, attempt.answer.count - AnswerLimits.tailBytesMax))
    }
}
