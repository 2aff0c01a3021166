internal import HTTP
internal import Policy
internal import Spec

/// Event streams.
extension GatewayRequest {
    func relay(_ bytes: UnsafeRawBufferPointer) {
        guard let attempt else { return }
        let target = attempt.target
        attempt.relay.feed(bytes) { target.cost(of: $0) }
        send(attempt)
        if let fault = attempt.relay.fault {
            attempt.call?.cancel()
            attempt.ended = WallClock.monotonicNanoseconds
            streamFailed(AnswerError(.upstreamError, fault))
            return
        }
        noteProgress(attempt)
        if exchange.isOpen, !exchange.isWritable { attempt.call?.pause() }
    }

    /// The answer's head goes out with its first content; until then another target can take over.
    private func send(_ attempt: Attempt) {
        guard attempt.relay.hasContent else { return }
        if !hasBegun { begin(attempt) }
        let bytes = attempt.relay.takeOutput()
        if !bytes.isEmpty { exchange.write(bytes) }
    }

    private func begin(_ attempt: Attempt) {
        guard let admission else { return }
        hasBegun = true
        var headers = answerHeaders(attempt, admission)
        headers.add("cache-control", "no-cache")
        headers.add("x-accel-buffering", "no")
        exchange.onWritable = { [weak attempt] in attempt?.call?.resume() }
        exchange.begin(ResponseHead(status: 200, headers: headers))
        // Nothing is asked of the rules any more.
        record?.seal()
        state = nil
        terms = nil
        claim = nil
        body = nil
    }

    /// What a crash would leave unbooked is bounded by how often this is written.
    private func noteProgress(_ attempt: Attempt) {
        let now = loop.loop.wallClockMilliseconds
        guard attempt.relay.pieces > attempt.progressPieces,
            now - attempt.progressAt >= loop.shared.options.journal.progressEvery.roundedMilliseconds
        else { return }
        attempt.progressAt = now
        attempt.progressPieces = attempt.relay.pieces
        loop.writer?.append(ProgressRecord(id: attempt.id, outputPieces: attempt.relay.pieces))
    }

    func streamEnded() {
        guard let attempt else { return }
        let target = attempt.target
        attempt.relay.close { target.cost(of: $0) }
        if let fault = attempt.relay.fault { return streamFailed(AnswerError(.upstreamError, fault)) }
        guard attempt.relay.isComplete else {
            return streamFailed(AnswerError(.upstreamIncomplete, "The provider's stream ended before its answer did."))
        }
        send(attempt)
        settleStream(attempt, status: 200, ended: .complete)
        exchange.end()
        finish()
    }

    /// A stream that fails before its content is an attempt like any other; later the client is told in the stream.
    func streamFailed(_ error: AnswerError) {
        guard let attempt else { return }
        guard hasBegun else { return answerBrokeOff(.serverError, error) }
        if attempt.relay.isComplete {
            settleStream(attempt, status: 200, ended: .complete)
            exchange.end()
            return finish()
        }
        settleStream(attempt, status: error.status, ended: .failed(error.charterCode))
        loop.metrics.countRefusal(error.charterCode)
        exchange.write(Array("data: ".utf8) + ErrorShape.openAI.body(error, decision: decision) + Array("\n\n".utf8))
        exchange.end()
        finish()
    }

    /// The client has left: the provider is stopped at once, and what it produced is booked.
    func abandonStream() {
        guard let attempt else { return finish() }
        if case .passing = phase {
            // Nobody is waited for any more: what the client's slowness held back must come to its end.
            attempt.call?.resume()
            return
        }
        attempt.call?.cancel()
        attempt.ended = WallClock.monotonicNanoseconds
        let isWhole = attempt.relay.isDone
        settleStream(attempt, status: isWhole ? 200 : Self.clientClosedRequest, ended: isWhole ? .complete : .clientLeft)
        finish()
    }

    private func settleStream(_ attempt: Attempt, status: Int, ended: Ending) {
        let usage = attempt.relay.usage
            ?? Usage(input: admission?.inputEstimate ?? 0, output: attempt.relay.pieces)
        _ = settleAnswer(usage, isEstimated: attempt.relay.usage == nil || !attempt.relay.isComplete, status: status, ended: ended)
    }
}
