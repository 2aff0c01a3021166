internal import HTTP
internal import Policy
internal import Spec

extension GatewayRequest {
    /// Opens the next attempt: records it, then sends it. Its bytes leave the process after its record.
    func forward(again previous: Target? = nil) {
        guard let admission, let state, let writer = loop.writer, let terms, let target = previous ?? nextTarget(state),
            let provider = state.providers[target.provider.index]
        else {
            release()
            return refuse(AnswerError(.internalError, "There is no target left to try."))
        }
        tried += 1
        let opened = WallClock.monotonicNanoseconds
        let route = claim?.grant.routeIndex
        state.noteTried(target.model, route: route, now: opened)
        // The window that holds the reservation pays for every attempt under it.
        let at = admission.reservation.admitted.milliseconds
        let entry = terms.entry(
            TermsBook.Combination(
                key: admission.key, model: target.model.index, endpoint: endpoint,
                requestedModel: body?.model ?? "", route: admission.route, prices: target.prices.map(ObjectIdentifier.init)),
            target: target, writer: writer)
        let attempt = Attempt(
            id: AttemptID(decision: id, attempt: UInt8(clamping: tried)), target: target, terms: entry,
            health: provider.health, modelHealth: state.models[target.model.index],
            breaker: state.breaker(of: target.model, route: route), opened: opened, at: at, outputCovered: admission.outputHold)
        self.attempt = attempt
        spans?.opened(attempt, number: tried, at: provider.origin, endpoint: body?.endpoint ?? endpoint)
        phase = .forwarding
        watchSilence()
        writer.append(
            OpenedRecord(
                id: attempt.id, at: at, terms: entry.terms, isStream: body?.isStream ?? false, inputEstimate: admission.inputEstimate,
                outputHold: admission.outputHold, costHold: admission.hold.rawValue,
                images: recordedUnits(target), tier: target.prices?.hasTiers == true ? asked.serviceTier : nil))
        if admission.isStrict || claim?.isUnderBudget == true { loop.holdBack(self) }
        let message = outbound(target, provider)
        whenRecorded { [self] isRecorded in
            // The client may have left meanwhile.
            guard self.attempt === attempt, case .forwarding = phase else { return }
            isRecorded ? send(message, attempt, to: provider) : callBack()
        }
    }

    /// Does `action` at once, or in a strict organization when the disk has what was recorded so far; with false where that
    /// cannot be.
    func whenRecorded(_ action: @escaping (Bool) -> Void) {
        if admission?.isStrict == true { loop.whenDurable(action) } else { action(true) }
    }

    private func send(_ message: OutboundRequest, _ attempt: Attempt, to provider: ProviderEndpoint) {
        // A wait for the disk is none of the provider's.
        if admission?.isStrict == true { attempt.sent = WallClock.monotonicNanoseconds }
        let call = loop.client(for: provider).send(message, receiver: self)
        attempt.call = call
        // Who gives up closes: in a queue that says more often that a client has left than that it goes on reading.
        if call.isWaiting { exchange.treatsHalfCloseAsGone = true }
    }

    /// The next in order; after a failure the next that is well now, if any is: what was known when the order was made may be
    /// old by then, and another request may be on its way to one that is tried again.
    private func nextTarget(_ state: EnforcedState) -> Target? {
        let next = tried - repeats
        guard next < targets.count else { return nil }
        if next > 0 {
            let (now, route) = (WallClock.monotonicNanoseconds, claim?.grant.routeIndex)
            if let well = targets[next...].firstIndex(where: { state.admits($0.model, route: route, now: now) }), well != next {
                targets.insert(targets.remove(at: well), at: next)
            }
        }
        return targets[next]
    }

    private func outbound(_ target: Target, _ provider: ProviderEndpoint) -> OutboundRequest {
        let isStream = body?.isStream ?? false
        if let most = admission?.outputMax {
            body?.capOutput(most, for: target)
        } else if tried == 1, let bound = admission?.outputBound {
            body?.boundOutput(bound, for: target)
        }
        body?.outbound.setModel(target.upstreamName)
        var headers = isStream ? provider.streamHeaders : provider.plainHeaders
        if asked.endpoint.isMetered { describeMedia(in: &headers) }
        headers.add("x-request-id", "\(decision)-\(tried)")
        trace.add(to: &headers, attempt: tried, from: exchange.request.headers)
        UpstreamHeaders.copy(from: exchange.request.headers, to: &headers, isSimulated: provider.isSimulated)
        return OutboundRequest(
            method: .post, origin: provider.origin, target: provider.basePath + UpstreamHeaders.path(body?.endpoint),
            headers: headers, body: body?.outbound.bytes ?? [],
            timeouts: CallTimeouts(
                connect: provider.timeouts.connect, firstByte: provider.timeouts.firstByte, idle: provider.timeouts.idle,
                total: provider.timeouts.total))
    }

    /// What to do about an attempt that failed before the client saw any of its answer.
    ///
    /// `condition` is what a route's retry policy may name; nil is never tried again. The record keeps `reason`.
    func attemptFailed(_ condition: RoutingPolicy.Condition?, status: Int, _ error: AnswerError, _ reason: String) {
        guard let attempt else { return }
        let objection = mayRetry(after: condition) ? objectionToAnother() : nil
        let goesOn = objection == nil && mayRetry(after: condition) && hasNextTarget
        settleAttempt(status: status, usage: nil, isEstimated: false, isLast: !goesOn, ended: .failed(reason))
        loop.metrics.countAttempt(attempt.target.model.qualifiedName, outcome: error.charterCode)
        if goesOn {
            forward()
        } else {
            settleReservation(Usage(), .zero, served: attempt.target.ordinal)
            exchange.isOpen ? refuse(objection ?? error) : finish()
        }
    }

    /// Ends a request whose attempt could not be recorded; nothing of it has left.
    func callBack() {
        guard let attempt, case .forwarding = phase else { return }
        attempt.call?.cancel()
        settleAttempt(status: 0, usage: nil, isEstimated: false, isLast: true, ended: .failed("journal"))
        settleReservation(Usage(), .zero, served: attempt.target.ordinal)
        loop.metrics.countAttempt(attempt.target.model.qualifiedName, outcome: GatewayErrorCode.journalUnavailable.rawValue)
        exchange.isOpen ? refuse(.unrecordable) : finish()
    }

    /// What to do about an answer that began, or was worked on, and failed before the client saw any of it: the provider may
    /// bill it, so it is booked as far as it can be judged, and the next attempt needs a reservation of its own.
    func answerBrokeOff(
        _ condition: RoutingPolicy.Condition?, _ error: AnswerError, _ reason: String, isProviders: Bool = true
    ) {
        guard let attempt else { return }
        if isProviders { noteFailure(attempt, reason) }
        let usage = brokenUsage(attempt)
        let objection = mayRetry(after: condition) ? objectionToAnother() : nil
        let goesOn = objection == nil && mayRetry(after: condition) && hasNextTarget && reserveAgain(after: attempt, usage)
        let cost = settleAttempt(
            status: error.status, usage: usage, isEstimated: true, isLast: !goesOn, ended: .failed(reason))
        loop.metrics.countAttempt(attempt.target.model.qualifiedName, outcome: error.charterCode)
        exchange.giveBack(attempt.heldBytes)
        if goesOn { return forward() }
        settleReservation(usage, cost, served: attempt.target.ordinal)
        exchange.isOpen ? refuse(objection ?? error) : finish()
    }

    private func mayRetry(after condition: RoutingPolicy.Condition?) -> Bool {
        condition.flatMap { admission?.retry?.on.contains($0) } ?? false
    }

    private var hasNextTarget: Bool { tried - repeats < targets.count && exchange.isOpen }

    /// Whether the attempt ended so soon that the provider cannot have worked on it: a connection closed while idle is
    /// found out within a round trip, and a later end may be that of an answer that was being made and will be charged.
    private var endedAtOnce: Bool {
        guard let attempt else { return false }
        return attempt.ended - attempt.sent < AnswerLimits.staleNanosecondsMax
    }

    /// Sends the attempt anew on a fresh connection, once: the old one was closed by the provider while it was idle.
    func repeatStaleAttempt() {
        guard let attempt else { return }
        let objection = objectionToAnother(orTo: attempt.target)
        settleAttempt(status: 0, usage: nil, isEstimated: false, isLast: objection != nil, ended: .failed("stale connection"))
        if let objection {
            settleReservation(Usage(), .zero, served: attempt.target.ordinal)
            return refuse(objection)
        }
        repeats += 1
        forward(again: attempt.target)
    }
}

extension GatewayRequest: ResponseReceiver {
    func received(head: ResponseHead, call: Call) {
        guard let attempt else { return }
        attempt.headArrived = WallClock.monotonicNanoseconds
        attempt.answerHeaders = head.headers
        spans?.headArrived(status: head.status)
        guard (200..<300).contains(head.status) else {
            phase = .readingRefusal(status: head.status)
            return
        }
        let isEventStream = head.headers.withValue("content-type") { $0.starts(with: "text/event-stream".utf8) } ?? false
        guard body?.isStream == true else {
            attempt.passesAtOnce = asked.endpoint.isMetered && (isEventStream || asked.endpoint == .audioSpeech && !head.headers.sayPage)
            phase = .readingAnswer
            return
        }
        if isEventStream {
            attempt.relay = StreamRelay(
                wantsUsage: body?.wantsUsage ?? false, decision: decision,
                normalizer: attempt.normalizer(body?.endpoint ?? endpoint, decision), bounds: bounds(of: attempt),
                readsTier: attempt.target.prices?.hasTiers ?? false, readsModel: spans != nil)
            attempt.textRatio = loop.ratios[attempt.target.model.qualifiedName]
            attempt.isEventStream = true
            phase = .relaying
        } else {
            call.cancel()
            answerBrokeOff(.serverError, AnswerError(.upstreamError, "The provider did not answer with an event stream."),
                "no event stream")
        }
    }

    func received(bytes: UnsafeRawBufferPointer, call: Call) {
        guard let attempt else { return }
        switch phase {
        case .readingAnswer: keep(bytes, of: attempt, call)
        case .readingRefusal:
            if attempt.answer.count < AnswerLimits.refusalBytesMax { attempt.answer.append(contentsOf: bytes) }
        case .passing: pass(bytes)
        case .relaying: relay(bytes)
        case .collecting, .forwarding, .settled, .over: break
        }
    }

    func ended(call: Call) {
        attempt?.ended = WallClock.monotonicNanoseconds
        switch phase {
        case .readingAnswer: answer()
        case .readingRefusal(let status): providerRefused(ProviderRefusal(status: status, body: attempt?.answer ?? []))
        case .passing: endPassing()
        case .relaying: streamEnded()
        case .collecting, .forwarding, .settled, .over: break
        }
    }

    func failed(_ failure: CallFailure, call: Call) {
        guard let attempt else { return }
        attempt.ended = WallClock.monotonicNanoseconds
        logFailure(failure, attempt)
        let (error, reason) = (failure.answerError, failure.recordName)
        switch phase {
        case .passing: passingFailed(failure)
        case .relaying: streamFailed(error, reason, failure.condition, isProviders: failure.speaksAgainstAnswering)
        case .readingRefusal(let status): providerRefused(ProviderRefusal(status: status, body: attempt.answer))
        case .readingAnswer: answerBrokeOff(failure.condition, error, reason, isProviders: failure.speaksAgainstAnswering)
        case .forwarding:
            if isClientGone, !call.isSent {
                // What its client did not wait for has never left: it owes nothing, and says nothing of the provider.
                abandonAttempt()
            } else if failure == .closedBeforeResponse, call.isOnReusedConnection, repeats == 0, exchange.isOpen, endedAtOnce {
                repeatStaleAttempt()
            } else if call.isSent, !endedAtOnce, body?.isStream != true {
                // The head of a plain answer comes when all of it is made, and what is made is charged.
                answerBrokeOff(failure.condition, error, reason, isProviders: failure.speaksAgainstProvider)
            } else {
                if failure.speaksAgainstProvider { noteFailure(attempt, reason) }
                attemptFailed(failure.condition, status: error.status, error, reason)
            }
        case .collecting, .settled, .over: break
        }
    }
}
