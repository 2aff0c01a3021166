/// One client's connection: requests in, answers out, one exchange at a time and in order.
final class ServerConnection: ChannelDelegate, MessageReader {
    enum Phase {
        /// Between requests or within a head.
        case head
        /// An exchange is under way or its unread body is being dropped.
        case exchange
        /// The last answer is queued; what still comes is dropped until the client closes.
        case lingering
    }

    let server: Server
    let channel: Channel
    let peer: PeerAddress
    /// The process at the other end of a local socket.
    let process: SocketPeer?
    /// In the quota; nil for a connection that is only told why it is refused.
    let place: ConnectionPlace?
    /// Place in the server's list.
    var index: Int

    var phase = Phase.head
    var exchange: Exchange?
    var body = BodyDecoder(.none, chunkOverheadMax: 0)
    var keepsAlive = true
    var peerFinished = false
    /// Empty whenever a whole message lay in the loop's buffer.
    var held = HeldBytes()
    private var scanner = HeadScanner()
    private var isProcessing = false
    var turn = ConnectionTurn()
    private var requests = 0
    /// Bytes of room in the server's budget of bodies that are kept for what is queued.
    var queuedRoom = 0
    private let begun: MonotonicInstant
    var clock = ConnectionClock()
    private(set) var timer: LoopTimer

    init(server: Server, channel: Channel, peer: PeerAddress, process: SocketPeer?, place: ConnectionPlace?, index: Int) {
        self.server = server
        self.channel = channel
        self.peer = peer
        self.process = process
        self.place = place
        self.index = index
        begun = server.loop.now
        timer = LoopTimer {}
        // Unowned, since the first weak reference to an object makes every later retain of it slower; `close` discards the
        // timer before its owner can go.
        timer = LoopTimer { [unowned self] in timerFired() }
    }

    var limits: HTTPLimits { server.limits }
    var hasPartialHead: Bool { !held.isEmpty }
    var isOpen: Bool { channel.isOpen }

    func start(refusing fault: MessageFault?) {
        channel.start(self)
        expect(.firstHead)
        if let fault { refuse(fault) }
    }

    // MARK: receiving

    func channelReceived(_ bytes: UnsafeRawBufferPointer) {
        read(bytes)
        settle()
    }

    /// Goes on with what is held after an exchange has ended or its body is wanted.
    func resume() {
        guard !isProcessing, isOpen else { return }
        readHeld()
        settle()
    }

    /// Consumes as many bytes as the phase allows and says how many.
    func process(_ bytes: UnsafeRawBufferPointer) -> Int {
        isProcessing = true
        defer { isProcessing = false }
        var position = 0
        while isOpen, position < bytes.count {
            let before = position
            switch phase {
            case .head: position += takeHead(bytes.slice(from: position))
            case .exchange: takeBody(bytes, &position)
            case .lingering: drop(bytes, &position)
            }
            if position == before { break }
        }
        return isOpen ? position : bytes.count
    }

    /// Begins an exchange if `bytes` hold a whole head, and says how many bytes that took.
    private func takeHead(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard channel.queuedBytes <= limits.outputHighWaterBytes else { return 0 }
        guard mayBegin || isGivenUp else {
            channel.awaitTurn()
            return 0
        }
        do {
            guard let end = try scanner.scan(bytes, limits.head) else { return 0 }
            if isGivenUp {
                giveUp()
                return bytes.count
            }
            let head = bytes.slice(scanner.start..<end)
            scanner = HeadScanner()
            begin(try ParsedRequest.parse(head, headerCountMax: limits.headerCountMax))
            return end
        } catch {
            refuse(error, isAnswerToHead: bytes.count > Self.asksForHead.utf8CodeUnitCount
                && bytes.slice(0..<Self.asksForHead.utf8CodeUnitCount).equals(Self.asksForHead))
            return bytes.count
        }
    }

    /// How a request begins that is answered without a body, whatever is wrong with the rest of it.
    private static let asksForHead: StaticString = "HEAD "

    private func begin(_ request: ParsedRequest) {
        requests += 1
        phase = .exchange
        turn.isUnused = false
        keepsAlive = request.keepsAlive && !server.isDraining && requests < limits.requestsPerConnectionMax
            && server.loop.now - begun < limits.connectionAgeMax
        body = BodyDecoder(request.framing, chunkOverheadMax: limits.chunkOverheadBytesMax)
        let exchange = Exchange(connection: self, request: request)
        exchange.answerFields = server.answerFields(request.head)
        self.exchange = exchange
        expect(.answer)
        if turn.isLate { turnAway(exchange) } else { server.serve(exchange, on: channel) }
    }

    private func takeBody(_ bytes: UnsafeRawBufferPointer, _ position: inout Int) {
        guard !body.isEnded, exchange == nil || exchange?.wantsBody == true else { return }
        do {
            while !body.isEnded, position < bytes.count {
                let range = try body.next(bytes, &position)
                clock.receivedBytes += range.count
                if let exchange, !range.isEmpty { exchange.bodyReceived(bytes.slice(range), left: body.remaining) }
                if !isOpen || phase != .exchange { return }
                if exchange?.wantsBody == false { break }
            }
            if body.isEnded { bodyEnded() }
        } catch {
            refuse(error)
            position = bytes.count
        }
    }

    private func drop(_ bytes: UnsafeRawBufferPointer, _ position: inout Int) {
        clock.receivedBytes += bytes.count - position
        position = bytes.count
    }

    private func bodyEnded() {
        if let exchange {
            expect(.answer)
            exchange.bodyEnded()
        } else {
            nextRequest()
        }
    }

    /// Reads on or not, as the phase needs; sets the clock of a head that has begun.
    private func settle() {
        guard isOpen else { return }
        let wantsBytes = switch phase {
        case .head: channel.queuedBytes <= limits.outputHighWaterBytes && !holdsNextRequest
        case .exchange: !body.isEnded && (exchange == nil || exchange?.wantsBody == true)
        case .lingering: true
        }
        if phase == .head, wantsBytes, hasPartialHead { expect(.head) }
        channel.setReading(wantsBytes)
    }

    // MARK: between exchanges

    /// The exchange's answer is complete.
    func exchangeEnded() {
        exchange = nil
        if !keepsAlive {
            linger()
        } else if body.isEnded {
            nextRequest()
        } else if let left = body.remaining, left <= limits.drainBytesMax {
            expect(.body)
        } else {
            linger()
        }
        resume()
    }

    private func nextRequest() {
        phase = .head
        expect(.idle)
    }

    /// Answers by itself and ends the connection. What has come behind is never read as a request.
    func refuse(_ fault: MessageFault, isAnswerToHead: Bool = false) {
        if phase == .exchange, exchange == nil {
            // The answer is queued already; only its request's unread body went wrong.
            linger()
            return
        }
        let exchange = exchange
        self.exchange = nil
        keepsAlive = false
        if let exchange, exchange.hasBegun {
            exchange.lost()
            // Where the end of the connection is the end of the body, only a reset tells that it is not whole.
            close(reset: true)
            return
        }
        let (head, bytes) = server.answer(fault, to: exchange?.request)
        queueHead(head, more: exchange?.answerFields, length: .count(bytes.count))
        if !(exchange?.request.isHead ?? isAnswerToHead) { channel.queue { $0.append(bytes) } }
        exchange?.lost()
        linger()
    }

    /// Sends what is queued, tells the client that nothing follows, and waits for it to close.
    func linger() {
        guard isOpen else { return }
        phase = .lingering
        held.removeAll()
        channel.finishSending()
        if peerFinished, channel.queuedBytes == 0 {
            close()
        } else {
            expect(.linger)
            channel.setReading(true)
        }
    }

    /// The server is closing: an idle connection ends now, another after its exchange, or that of the request that waits for its turn.
    func drain() {
        keepsAlive = false
        if phase == .head, !hasPartialHead, !channel.awaitsTurn { linger() }
    }

    /// Ends the connection whatever is under way.
    func cut() {
        loseExchange()
        close(reset: phase != .lingering)
    }

    func close(reset: Bool = false) {
        guard isOpen else { return }
        server.loop.discard(timer)
        channel.close(reset: reset)
        giveBackRoom()
        server.forget(self)
    }

    private func loseExchange() {
        let exchange = exchange
        self.exchange = nil
        exchange?.lost()
    }

    // MARK: the other side

    func channelConnected() {
        server.meter.count(channel.isResumed ? .resumption : .handshake)
    }

    func channelDrained() {
        giveBackRoom()
        if let exchange { exchange.drained() }
        if phase == .head { resume() }
    }

    func channelFinishedSending() {
        guard phase == .lingering else { return }
        if peerFinished { return close() }
        clock.lingersUntil = server.loop.now + limits.lingerTimeoutMax
        expect(.linger)
    }

    func channelReachedEnd() {
        peerFinished = true
        switch phase {
        case .head where hasPartialHead: refuse(.badRequest("The request ended within its head."))
        case .head where channel.queuedBytes > 0: linger()
        case .head: close()
        case .exchange where !body.isEnded: refuse(.badRequest("The request ended within its body."))
        case .exchange: peerMayBeGone()
        case .lingering: if channel.queuedBytes == 0 { close() }
        }
    }

    func channelPeerFinished() {
        guard phase == .exchange, body.isEnded else { return }
        peerFinished = true
        peerMayBeGone()
    }

    /// A client that has shut its sending direction may still read, unless the exchange says that it takes it for gone.
    func peerMayBeGone() {
        guard peerFinished, exchange?.treatsHalfCloseAsGone == true else { return }
        // Later, so that no exchange ends within a call that its owner is making on it.
        server.loop.schedule(after: .zero) {
            guard self.exchange?.treatsHalfCloseAsGone == true else { return }
            self.loseExchange()
            self.close()
        }
    }

    func channelFailed(_ error: any Error) {
        if channel.speaksTLS, channel.session == nil { server.meter.count(.handshakeFailed) }
        loseExchange()
        close()
    }
}
