internal import Crypto

/// One connection to an origin: carries one call at a time.
final class ClientConnection: ChannelDelegate, MessageReader {
    private enum Phase {
        case connecting, idle, head, body
    }

    /// Request bytes queued above which nothing would be gained by queueing more.
    static let lowWaterBytes = 64 * 1024

    let client: Client
    private let pool: ConnectionPool
    private let channel: Channel
    /// Nil without TLS.
    private let session: TLSSession?
    /// Index in the pool; nil while in use.
    var poolIndex: Int?
    /// Whether the connection counts against the client's budget.
    var holdsPlace = false

    private var phase = Phase.connecting
    private var attempt: ConnectAttempt?
    private var call: Call?
    var held = HeldBytes()
    private var scanner = HeadScanner()
    private var body = BodyDecoder(.none, chunkOverheadMax: 0)
    private var keepsAlive = true
    private var interims = 0
    private var carried = 0
    private var sentBefore = 0
    /// When it may no longer be used again.
    private var oldFrom = MonotonicInstant.never
    private var isProcessing = false
    private var timer: LoopTimer

    init(client: Client, pool: ConnectionPool, channel: Channel, session: TLSSession?) {
        self.client = client
        self.pool = pool
        self.channel = channel
        self.session = session
        timer = LoopTimer {}
        // Unowned, since the first weak reference to an object makes every later retain of it slower; `close` discards the
        // timer before its owner can go.
        timer = LoopTimer { [unowned self] in timerFired() }
    }

    func connect(for attempt: ConnectAttempt) {
        self.attempt = attempt
        channel.start(self)
    }

    /// Queues the request of `call` and takes its answer.
    func carry(_ call: Call) {
        if carried == 0 { oldFrom = client.loop.now + age }
        self.call = call
        call.carrier = .connection(self)
        call.isSent = true
        call.isOnReusedConnection = carried > 0
        carried += 1
        interims = 0
        keepsAlive = true
        phase = .head
        sentBefore = channel.sentBytes
        scanner = HeadScanner()
        channel.queue { call.request.write(to: &$0) }
        client.loop.set(timer, after: call.request.timeouts.firstByte)
        channel.setReading(true)
    }

    private var age: Duration {
        let longest = client.limits.connectionAgeMax
        return longest * Double.random(in: 0.75...1)
    }

    /// The call has been given up.
    func drop() {
        call = nil
        close()
    }

    func close() {
        guard channel.isOpen else { return }
        pool.remove(self)
        client.loop.discard(timer)
        attempt = nil
        channel.close()
        guard holdsPlace else { return }
        holdsPlace = false
        client.connectionClosed()
    }

    // MARK: receiving

    func channelReceived(_ bytes: UnsafeRawBufferPointer) {
        guard let call else {
            // An idle connection has nothing to say; what it says cannot belong to the next request.
            close()
            return
        }
        if call.isOnReusedConnection, !call.responseBegan, channel.sentBytes == sentBefore {
            // Bytes from before the request has left are not its answer, whatever they look like.
            startOver(call)
            return
        }
        call.responseBegan = true
        if phase == .body { client.loop.set(timer, after: call.request.timeouts.idle) }
        read(bytes)
        settle()
    }

    /// Goes on after a pause.
    func resume() {
        guard !isProcessing, channel.isOpen, let call else { return }
        client.loop.set(timer, after: phase == .body ? call.request.timeouts.idle : call.request.timeouts.firstByte)
        guard !isResuming else { return }
        isResuming = true
        // Not at once: a receiver may resume in the middle of taking something else.
        client.loop.schedule(after: .zero) { self.resumed() }
    }

    private var isResuming = false

    private func resumed() {
        isResuming = false
        guard channel.isOpen, call?.isPaused == false else { return }
        readHeld()
        settle()
    }

    private func settle() {
        guard channel.isOpen, let call else { return }
        if call.isPaused { client.loop.switchOff(timer) }
        channel.setReading(!call.isPaused)
    }

    /// Consumes what the call wants of `bytes` and says how many that is.
    func process(_ bytes: UnsafeRawBufferPointer) -> Int {
        isProcessing = true
        defer { isProcessing = false }
        var position = 0
        do {
            while let call, !call.isPaused, position < bytes.count {
                if phase == .head {
                    guard let end = try takeHead(bytes.slice(from: position), call) else { break }
                    position += end
                } else {
                    try takeBody(bytes, &position, call)
                }
                if self.call === call, phase == .body, body.isEnded { finish(leftover: bytes.count - position) }
            }
        } catch {
            fail(.malformedResponse(error.reason))
        }
        return call == nil ? bytes.count : position
    }

    private func takeHead(_ bytes: UnsafeRawBufferPointer, _ call: Call) throws(MessageFault) -> Int? {
        guard let end = try scanner.scan(bytes, client.limits.head) else { return nil }
        let head = bytes.slice(scanner.start..<end)
        scanner = HeadScanner()
        let response = try ParsedResponse.parse(
            head, headerCountMax: client.limits.headerCountMax, isAnswerToHead: call.request.method == .head)
        if response.head.status < 200 {
            interims += 1
            if response.head.status == 101 || interims > client.limits.interimMax {
                throw .badRequest("The answer is an interim one that nobody asked for.")
            }
            return end
        }
        phase = .body
        keepsAlive = response.keepsAlive
        body = BodyDecoder(response.framing, chunkOverheadMax: client.limits.chunkOverheadBytesMax)
        client.loop.set(timer, after: call.request.timeouts.idle)
        call.answerBegan()
        call.receiver?.received(head: response.head, call: call)
        return end
    }

    private func takeBody(
        _ bytes: UnsafeRawBufferPointer, _ position: inout Int, _ call: Call
    ) throws(MessageFault) {
        while !body.isEnded, position < bytes.count, !call.isPaused {
            let range = try body.next(bytes, &position)
            if !range.isEmpty { call.receiver?.received(bytes: bytes.slice(range), call: call) }
            if self.call !== call { return }
        }
    }

    // MARK: the end of a call

    /// The answer is complete; `leftover` bytes have come behind it.
    private func finish(leftover: Int) {
        let call = call
        self.call = nil
        held.removeAll()
        if carried == 1, let session { pool.resumption = session.resumption }
        // Bytes behind an answer, or a request not sent whole, make whatever comes next ambiguous.
        if keepsAlive, leftover == 0, channel.queuedBytes == 0, channel.isOpen, rest() {
            call?.end()
        } else {
            close()
            call?.end()
        }
    }

    /// Takes the next call, or waits for it in the pool; false when the connection is to be closed.
    private func rest() -> Bool {
        guard carried < client.limits.requestsPerConnectionMax, client.loop.now < oldFrom else { return false }
        if client.budget?.isOwed(by: client.loop.remote) == true { return false }
        if let next = pool.nextWaiting() {
            carry(next)
            return true
        }
        if client.budget?.isSought(besides: client.loop.remote) == true { return false }
        guard pool.keep(self) else { return false }
        phase = .idle
        client.loop.set(timer, after: client.limits.idleConnectionTimeout)
        channel.setReading(true)
        return true
    }

    private func fail(_ failure: CallFailure) {
        let call = call
        self.call = nil
        close()
        call?.fail(failure)
    }

    /// The connection has ended without a whole answer.
    private func lost(_ failure: CallFailure) {
        if phase == .connecting {
            let attempt = attempt
            close()
            attempt?.failed(self, failure)
        } else if let call, call.isOnReusedConnection, !call.responseBegan,
            channel.sentBytes == sentBefore || call.request.isIdempotent
        {
            // It died while idle. Nothing of the request has left, or nothing is done twice by sending it again.
            startOver(call)
        } else {
            fail(call?.responseBegan == true ? .truncated : .closedBeforeResponse)
        }
    }

    /// Sends the call over a new connection, where somebody waits for its answer.
    private func startOver(_ call: Call) {
        self.call = nil
        if channel.sentBytes == sentBefore { call.isSent = false }
        close()
        guard call.mayStartOver else { return call.fail(.closedBeforeResponse) }
        client.connect(call)
    }

    private func timerFired() {
        switch phase {
        case .connecting: break
        case .idle: close()
        case .head: fail(.timeout(.firstByte))
        case .body: fail(.timeout(.idle))
        }
    }

    // MARK: the channel

    func channelReadable(isEnding: Bool) -> Bool { true }
    func channelTurn(isLate: Bool) {}

    func channelConnected() {
        let attempt = attempt
        self.attempt = nil
        attempt?.succeeded(self)
    }

    func channelReachedEnd() {
        if call != nil, phase == .body, body.endsWithConnection, channel.isEndAuthentic {
            keepsAlive = false
            finish(leftover: 0)
        } else {
            lost(.connect("the connection was closed"))
        }
    }

    func channelPeerFinished() {
        // The call is paused: what has come is read first.
    }

    func channelFailed(_ error: any Error) {
        if let error = error as? TLSError {
            lost(.tls(error.description))
        } else {
            lost(.connect(String(describing: error)))
        }
    }

    func channelDrained() {}
    func channelFinishedSending() {}
}
