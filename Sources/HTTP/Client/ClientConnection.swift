internal import Crypto

/// One connection to an origin: carries one call at a time.
final class ClientConnection: ChannelDelegate, MessageReader {
    private enum Phase {
        case connecting, idle, head, body
    }

    /// Request bytes queued above which nothing would be gained by queueing more.
    static let lowWaterBytes = 64 * 1024

    let client: Client
    let origin: Origin
    private let channel: Channel
    /// Place in the pool; nil while in use.
    var poolIndex: Int?

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
    private var isProcessing = false
    private var timer: LoopTimer

    init(client: Client, origin: Origin, channel: Channel) {
        self.client = client
        self.origin = origin
        self.channel = channel
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
        self.call = call
        call.carrier = .connection(self)
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

    /// The call has been given up.
    func drop() {
        call = nil
        close()
    }

    func close() {
        guard channel.isOpen else { return }
        client.pool(for: origin).remove(self)
        client.loop.discard(timer)
        attempt = nil
        channel.close()
    }

    // MARK: receiving

    func channelReceived(_ bytes: UnsafeRawBufferPointer) {
        guard let call else {
            // An idle connection has nothing to say; what it says cannot belong to the next request.
            close()
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
        // Bytes behind an answer, or a request not sent whole, make whatever comes next ambiguous.
        if keepsAlive, leftover == 0, channel.queuedBytes == 0, channel.isOpen, rest() {
            call?.end()
        } else {
            close()
            call?.end()
        }
    }

    /// Waits in the pool for the next call; false when the pool is full.
    private func rest() -> Bool {
        guard client.pool(for: origin).keep(self) else { return false }
        phase = .idle
        client.loop.set(timer, after: client.limits.idleConnectionTimeout)
        channel.setReading(true)
        return true
    }

    private func fail(_ failure: CallFailure) {
        let call = call
        self.call = nil
        noteProgress(call)
        close()
        call?.fail(failure)
    }

    private func noteProgress(_ call: Call?) {
        if channel.sentBytes > sentBefore { call?.requestBegan = true }
    }

    /// The connection has ended without a whole answer.
    private func lost(_ failure: CallFailure) {
        if phase == .connecting {
            let attempt = attempt
            close()
            attempt?.failed(failure)
        } else if let call, call.isOnReusedConnection, !call.responseBegan, channel.sentBytes == sentBefore {
            // It died while idle and nothing of the request has left: the call has not begun.
            self.call = nil
            close()
            client.connect(call)
        } else {
            fail(call?.responseBegan == true ? .truncated : .closedBeforeResponse)
        }
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

    func channelConnected() {
        let attempt = attempt
        self.attempt = nil
        attempt?.succeeded()
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
