internal import HTTP

/// An answer in one body, and how it is to go out.
struct PlainAnswer {
    let body: [UInt8]
    let wait: Duration
    let ending: Scenario.Ending
    var served: ServedRequest
    var contentType = "application/json"
    /// Words in the body.
    var tokens = 0
    /// What is let through of an answer that is cut, and the words in it.
    private(set) var beginning: [UInt8] = []
    private(set) var words = 0

    init(body: [UInt8], wait: Duration, ending: Scenario.Ending, served: ServedRequest) {
        self.body = body
        self.wait = wait
        self.ending = ending
        self.served = served
    }

    mutating func keep(_ words: Int, _ beginning: [UInt8], of total: Int) {
        self.words = min(words, total)
        self.beginning = beginning
    }
}

extension ProviderLoop {
    func send(_ answer: PlainAnswer, on exchange: Exchange) {
        if answer.wait <= .zero { return deliver(answer, on: exchange) }
        // Who closes the connection while waiting has given up, not only finished sending.
        let timer = loop.schedule(after: answer.wait) { [weak self] in self?.deliver(answer, on: exchange) }
        exchange.onGone = { [weak self] in
            timer.cancel()
            self?.log?.append(answer.served)
        }
        exchange.treatsHalfCloseAsGone = true
    }

    /// Logs first: no answer that a client has seen is missing from the log.
    private func deliver(_ answer: PlainAnswer, on exchange: Exchange) {
        exchange.onGone = nil
        var served = answer.served
        served.isComplete = answer.ending == .whole
        served.completionTokens = served.isComplete ? answer.tokens : answer.words
        if answer.ending != .disconnected(after: 0) { served.status = 200 }
        log?.append(served)
        switch answer.ending {
        case .whole: exchange.respond(ResponseHead(status: 200, headers: head(answer)), body: answer.body)
        case .ended: exchange.respond(ResponseHead(status: 200, headers: head(answer)), body: answer.beginning)
        case .truncated:
            begin(answer, on: exchange)
            exchange.abort()
        case .disconnected(let words):
            if words > 0 { begin(answer, on: exchange) }
            exchange.resetSoon(loop)
        }
    }

    private func begin(_ answer: PlainAnswer, on exchange: Exchange) {
        var headers = head(answer)
        headers.add("content-length", decimal: answer.body.count)
        exchange.begin(ResponseHead(status: 200, headers: headers))
        exchange.write(answer.beginning)
    }

    private func head(_ answer: PlainAnswer) -> Headers { ["content-type": answer.contentType, "x-request-id": answer.served.id] }
}

extension Exchange {
    /// Resets the connection once what is queued has had its turn to leave.
    func resetSoon(_ loop: EventLoop) { loop.schedule(after: .milliseconds(1)) { self.reset() } }
}
