/// Takes the answer to a call. All calls come on the loop's thread, none of them within `Client.send`, and none after
/// `ended`, `failed`, or `Call.cancel`.
package protocol ResponseReceiver: AnyObject {
    /// The final head has arrived, without the fields of the connection.
    func received(head: ResponseHead, call: Call)
    /// A piece of the body, without its chunk framing; valid during the call.
    func received(bytes: UnsafeRawBufferPointer, call: Call)
    /// The answer is complete.
    func ended(call: Call)
    func failed(_ failure: CallFailure, call: Call)
}

/// A request under way. Never sent twice, unless its method is idempotent and a connection that was kept has ended without
/// a byte of an answer: when it fails otherwise, whoever made it decides what to do.
package final class Call {
    private(set) var request: OutboundRequest
    private(set) var receiver: (any ResponseReceiver)?
    var carrier = Carrier.none
    /// Whether a connection has been given the request; before that the upstream knows nothing of it.
    package internal(set) var isSent = false
    /// Whether any byte of an answer has arrived.
    package internal(set) var responseBegan = false
    /// Whether the call went over a connection that had carried another before.
    package internal(set) var isOnReusedConnection = false
    /// Whether it may be sent anew when the connection that was kept has ended without a byte of an answer; no longer once
    /// nobody waits for the answer.
    package var mayStartOver = true
    private(set) var isPaused = false
    /// Runs while the request bounds the whole call.
    private var deadline: TimerHandle?

    /// What is carrying the call at the moment.
    enum Carrier {
        case none
        case waiting(ConnectionPool, LoopTimer)
        case attempt(ConnectAttempt)
        case connection(ClientConnection)
    }

    init(request: OutboundRequest, receiver: any ResponseReceiver, loop: EventLoop) {
        self.request = request
        self.receiver = receiver
        if let total = request.timeouts.total {
            // `detach` drops the timer, and with it the cycle.
            deadline = loop.schedule(after: total) { self.giveUp(.timeout(.total)) }
        }
    }

    /// Gives the call up: its connection closes at once, and the receiver hears nothing more.
    package func cancel() {
        let carrier = carrier
        detach()
        switch carrier {
        case .none: break
        case .waiting(let pool, let timer): pool.stopWaiting(timer)
        case .attempt(let attempt): attempt.cancel()
        case .connection(let connection): connection.drop()
        }
    }

    /// As `cancel`, but the receiver hears why.
    func giveUp(_ failure: CallFailure) {
        let receiver = receiver
        cancel()
        receiver?.failed(failure, call: self)
    }

    /// The final head of an answer is there: the request is not sent again, so its body is let go.
    func answerBegan() { request.body = [] }

    /// Stops the answer's pieces until `resume`, so that the upstream has to wait.
    package func pause() { isPaused = true }

    package func resume() {
        guard isPaused else { return }
        isPaused = false
        if case .connection(let connection) = carrier { connection.resume() }
    }

    var isOver: Bool { receiver == nil }

    /// Whether it waits for a connection, because there may be no more.
    package var isWaiting: Bool {
        if case .waiting = carrier { true } else { false }
    }

    func end() {
        let receiver = receiver
        detach()
        receiver?.ended(call: self)
    }

    func fail(_ failure: CallFailure) {
        let receiver = receiver
        detach()
        receiver?.failed(failure, call: self)
    }

    private func detach() {
        receiver = nil
        carrier = .none
        deadline?.cancel()
        deadline = nil
    }
}
