internal import HTTP
internal import Policy
internal import Spec

/// Event streams.
extension GatewayRequest {
    func relay(_ bytes: UnsafeRawBufferPointer) {
        guard let attempt else { return }
        spans?.chunkArrived()
        attempt.relay.feed(bytes) { price($0, tier: $1, by: attempt) }
        send(attempt)
        if let refusal = attempt.relay.refusal {
            attempt.call?.cancel()
            attempt.ended = WallClock.monotonicNanoseconds
            return refusedInStream(refusal, attempt)
        }
        if attempt.produced > attempt.outputCovered, !attempt.relay.isComplete, let spent = cover(attempt) {
            return endAtBudget(spent, attempt)
        }
        noteProgress(attempt)
        if exchange.isOpen, !exchange.isWritable { attempt.call?.pause() }
    }

    /// Until an attempt has content another target can take over.
    private func send(_ attempt: Attempt) {
        guard attempt.relay.hasContent else { return }
        if !isCommitted { commit(to: attempt) }
        // The end waits for the record of what the whole has cost.
        if admission?.isStrict != true || !attempt.relay.isComplete { sendRest(attempt) }
    }

    private func sendRest(_ attempt: Attempt) {
        let bytes = attempt.relay.takeOutput()
        guard !bytes.isEmpty else { return }
        lastSent = loop.loop.now
        exchange.write(bytes)
    }

    /// From now on the answer is this attempt's.
    private func commit(to attempt: Attempt) {
        guard let admission else { return }
        isCommitted = true
        if !hasBegun { beginStream(answerHeaders(attempt, admission)) }
        exchange.onWritable = { [weak attempt] in attempt?.call?.resume() }
        // Nothing is asked of the rules any more.
        record?.seal()
        state = nil
        terms = nil
        claim = nil
        body = nil
        exchange.releaseHeld()
    }

    private func beginStream(_ headers: Headers) {
        hasBegun = true
        var headers = headers
        headers.add("cache-control", "no-cache")
        headers.add("x-accel-buffering", "no")
        exchange.begin(ResponseHead(status: 200, headers: headers))
    }

    /// What a crash would leave unbooked is bounded by how often this is written.
    private func noteProgress(_ attempt: Attempt) {
        let now = loop.loop.wallClockMilliseconds
        guard attempt.relay.progress > attempt.progress,
            now - attempt.progressAt >= loop.shared.options.journal.progressEvery.roundedMilliseconds
        else { return }
        attempt.progressAt = now
        attempt.progress = attempt.relay.progress
        loop.writer?.append(ProgressRecord(id: attempt.id, outputPieces: attempt.produced))
    }

    func streamEnded() {
        guard let attempt else { return }
        attempt.relay.close { price($0, tier: $1, by: attempt) }
        if let refusal = attempt.relay.refusal { return refusedInStream(refusal, attempt) }
        guard attempt.relay.isComplete else {
            return streamFailed(
                AnswerError(.upstreamIncomplete, "The provider's stream ended before its answer did."), "incomplete stream")
        }
        send(attempt)
        endWhole(attempt)
    }

    private func refusedInStream(_ refusal: ProviderRefusal, _ attempt: Attempt) {
        // What comes behind a whole answer changes nothing about it.
        isCommitted && attempt.relay.isComplete ? endWhole(attempt) : providerRefused(refusal)
    }

    private func endWhole(_ attempt: Attempt) {
        noteSuccess(attempt)
        let (status, ended) = isClientGone ? departure : (status: 200, ending: .complete)
        settleStream(attempt, status: status, ended: ended)
        phase = .settled
        whenRecorded { [self] isRecorded in
            guard isRecorded else { return abort() }
            sendRest(attempt)
            exchange.end()
            finish()
        }
    }

    private func abort() {
        exchange.abort()
        finish()
    }

    /// A stream that fails before its content is an attempt like any other; later the client is told in the stream.
    ///
    /// `isProviders`: whether it speaks against the provider's health.
    func streamFailed(
        _ error: AnswerError, _ reason: String, _ condition: RoutingPolicy.Condition? = .serverError, isProviders: Bool = true
    ) {
        guard let attempt else { return }
        guard isCommitted else { return answerBrokeOff(condition, error, reason, isProviders: isProviders) }
        if attempt.relay.isComplete { return endWhole(attempt) }
        if isProviders { noteFailure(attempt, reason) }
        settleStream(attempt, status: error.status, ended: .failed(reason))
        noteTold(error)
        end(withEvent: family.errorShape.event(error, identity))
    }

    /// The last event of a stream whose head has been sent, in place of an answer with a status.
    func end(withEvent event: [UInt8]) {
        exchange.write(event)
        exchange.end()
        finish()
    }

    /// The client has left: the provider is stopped, and what it produced is booked.
    func abandonAttempt() {
        guard let attempt else { return finish() }
        if case .passing = phase {
            // Nobody is waited for any more: what the client's slowness held back must come to its end.
            attempt.call?.resume()
            return
        }
        guard let patience = patience(with: attempt) else { return stopAttempt() }
        attempt.call?.resume()
        drain = loop.loop.schedule(after: patience) { [self] in stopAttempt() }
    }

    /// How long a stream is read on for its usage: as its provider's declaration says, and for a moment where the usage is all
    /// that is missing.
    private func patience(with attempt: Attempt) -> Duration? {
        guard isCommitted, !attempt.relay.isDone, !attempt.relay.hasUsageChunk else { return nil }
        let declared = attempt.target.provider.spec.timeouts.drain
        guard attempt.relay.hasFinishReason else { return declared }
        return max(declared ?? .zero, AnswerLimits.usageWaitMax)
    }

    private func stopAttempt() {
        guard let attempt else { return finish() }
        attempt.call?.cancel()
        attempt.ended = WallClock.monotonicNanoseconds
        if isCommitted { noteSuccess(attempt) }
        let isWhole = attempt.relay.isDone
        isWhole
            ? settleStream(attempt, status: 200, ended: .complete)
            : settleStream(attempt, status: departure.status, ended: departure.ending)
        finish()
    }

    private func settleStream(_ attempt: Attempt, status: Int, ended: Ending) {
        guard attempt.call?.isSent == true else {
            // Who waits for a connection has asked nobody, and owes nothing.
            _ = settleAnswer(nil, isEstimated: false, status: status, ended: ended)
            return
        }
        _ = settleAnswer(streamUsage(attempt), isEstimated: attempt.relay.usage == nil || !attempt.relay.isComplete, status: status, ended: ended)
    }
}

/// Comments to a client that waits.
extension GatewayRequest {
    /// From now on a client that has got nothing for a while gets a comment, which keeps it and all proxies between from
    /// giving up. The first one brings the head of the stream with it; which target answers stays open.
    func watchSilence() {
        guard silence == nil, body?.isStream == true else { return }
        // Nobody asks for a stream and shuts down before it comes: who does has left, and the provider is stopped at once.
        exchange.treatsHalfCloseAsGone = true
        lastSent = loop.loop.now
        wakeUp(after: loop.shared.options.silenceMax)
    }

    private func wakeUp(after duration: Duration) {
        silence = loop.loop.schedule(after: duration) { [self] in breakSilence() }
    }

    private func breakSilence() {
        guard exchange.isOpen else { return }
        let most = loop.shared.options.silenceMax
        let now = loop.loop.now
        if now - lastSent >= most {
            lastSent = now
            if !hasBegun { beginEarly() }
            // A client that does not read has enough to read.
            if exchange.isWritable { exchange.write(Self.comment) }
        }
        wakeUp(after: most - (now - lastSent))
    }

    /// Begins the answer before it is known whose it will be.
    private func beginEarly() {
        var headers = commonHeaders()
        headers.add("content-type", "text/event-stream")
        if let admission { headers.add(admission.reservation.limits, as: family.limitHeaders, now: now) }
        beginStream(headers)
    }

    private static let comment = Array(": keep-alive\n\n".utf8)
}
