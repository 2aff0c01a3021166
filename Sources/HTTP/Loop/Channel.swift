internal import Crypto

/// A connected socket in a loop: receives into the loop's buffer, queues what is to be sent, sends at the end of a turn.
///
/// Edge-triggered: an event says that something has changed, `mayReceive` and `isBlocked` remember what.
final class Channel: EventHandler {
    let loop: EventLoop
    /// Keeps its owner alive until `close`.
    private var delegate: (any ChannelDelegate)?
    private var socket: Socket
    private var registration: Registration
    /// Present when the bytes on the wire are encrypted.
    private let tls: TLSLayer?
    /// What the socket gets.
    private var output = OutputBuffer()
    private var isConnecting: Bool
    private var isFlushing = false
    private var isContinuing = false
    private var isBlocked = false
    private var watchesWrites: Bool
    private var mayReceive = false
    private var peerFinished = false
    private var reportedFinish = false
    private var finishesWhenSent = false
    private var wasAboveLowWater = false
    private var reportsDrain = false
    private let lowWaterBytes: Int
    /// Bytes taken by the kernel since the connection was made.
    private(set) var sentBytes = 0
    /// Whether bytes are wanted. While false the kernel's window closes and the sender has to wait.
    private(set) var isReading = true

    private static let receivesPerTurn = 4

    init(
        loop: EventLoop, socket: consuming Socket, isConnecting: Bool, tls: TLSSession? = nil, lowWaterBytes: Int
    ) throws(SystemError) {
        self.loop = loop
        self.socket = socket
        self.isConnecting = isConnecting
        self.tls = tls.map(TLSLayer.init)
        self.lowWaterBytes = lowWaterBytes
        watchesWrites = isConnecting
        registration = Registration(slot: .max, generation: 0)
        let interest: Readiness = isConnecting ? [.readable, .writable, .peerFinished, .edge]
            : [.readable, .peerFinished, .edge]
        registration = try loop.register(self.socket.descriptor, interest, self)
    }

    var isOpen: Bool { socket.isOpen }
    /// Bytes queued and not yet taken by the kernel.
    var queuedBytes: Int { output.count + (tls?.plaintext.count ?? 0) }
    /// Whether the end that was reached is one that the other side meant: over TLS anybody on the way can end a
    /// connection, but only the other side can say that it does.
    var isEndAuthentic: Bool { tls?.isEnded ?? true }

    /// The TLS session, once it stands.
    var session: TLSSession? { tls?.isEstablished == true ? tls?.session : nil }
    var speaksTLS: Bool { tls != nil }
    /// Whether the session that stands took an earlier one up again.
    var isResumed: Bool { session?.isResumed == true }

    func start(_ delegate: any ChannelDelegate) { self.delegate = delegate }

    // MARK: sending

    /// Queues what `write` appends; it leaves when the turn ends.
    func queue(_ write: (inout OutputBuffer) -> Void) {
        guard isOpen else { return }
        if let tls {
            write(&tls.plaintext)
        } else {
            if !output.hasStorage { output.adopt(loop.takeStorage()) }
            write(&output)
        }
        if queuedBytes > lowWaterBytes { wasAboveLowWater = true }
        scheduleFlush()
    }

    /// Shuts the sending direction once everything queued is sent.
    func finishSending() {
        guard isOpen else { return }
        finishesWhenSent = true
        scheduleFlush()
    }

    private func scheduleFlush() {
        guard !isFlushing, !isConnecting, !isBlocked else { return }
        isFlushing = true
        loop.flushLater(self)
    }

    func flush() {
        isFlushing = false
        guard isOpen, !isConnecting else { return }
        repeat {
            guard encrypt(), sendQueued() else { return }
        } while !isBlocked && tls?.hasPlaintextToSend == true
        if queuedBytes == 0 { sentAll() }
        if wasAboveLowWater, queuedBytes <= lowWaterBytes {
            wasAboveLowWater = false
            reportsDrain = true
            continueLater()
        }
    }

    /// Sends what the kernel takes; false when the connection is broken.
    private func sendQueued() -> Bool {
        while !output.isEmpty, !isBlocked {
            switch output.withReadable({ socket.send($0) }) {
            case .bytes(let count):
                sentBytes += count
                output.consume(count)
            case .wouldBlock:
                isBlocked = true
                if !watchWrites() { return false }
            case .failed(let error):
                sendFailed(error)
                return false
            }
        }
        return true
    }

    /// What the other side sent before it stopped listening, such as an early answer, is received before its end is told.
    private func sendFailed(_ error: SystemError) {
        output.consume(output.count)
        mayReceive = true
        if isReading { receive() }
        if isOpen { delegate?.channelFailed(error) }
    }

    private func watchWrites() -> Bool {
        if watchesWrites { return true }
        watchesWrites = true
        do {
            try loop.change(registration, of: socket.descriptor, to: [.readable, .writable, .peerFinished, .edge])
            return true
        } catch {
            delegate?.channelFailed(error)
            return false
        }
    }

    private func sentAll() {
        if output.hasStorage { loop.giveBack(output.release()) }
        guard finishesWhenSent else { return }
        finishesWhenSent = false
        sayGoodbye()
        socket.finishSending()
        delegate?.channelFinishedSending()
    }

    // MARK: receiving

    /// Starts or pauses reading. What has come meanwhile is received in the next turn.
    func setReading(_ wanted: Bool) {
        guard wanted != isReading, isOpen else { return }
        isReading = wanted
        if wanted, mayReceive || peerFinished || tls?.mayHavePlaintext == true { continueLater() }
    }

    func ready(_ readiness: Readiness) {
        if isConnecting {
            finishConnecting(readiness)
            return
        }
        if readiness.contains(.writable), isBlocked {
            isBlocked = false
            scheduleFlush()
        }
        if readiness.contains(.peerFinished) { peerFinished = true }
        if !readiness.isDisjoint(with: [.readable, .peerFinished, .hangUp, .error]) { mayReceive = true }
        if isReading {
            receiveIfWanted(isEnding: !readiness.isDisjoint(with: [.peerFinished, .hangUp, .error]))
            reportFinish()
        } else if !readiness.isDisjoint(with: [.hangUp, .error]) {
            let error = socket.pendingError(call: "epoll_wait") ?? .connectionReset
            delegate?.channelFailed(error)
        } else {
            reportFinish()
        }
    }

    private func receiveIfWanted(isEnding: Bool) {
        if delegate?.channelReadable(isEnding: isEnding) == true { receive() }
    }

    /// Receives what `ChannelDelegate.channelReadable` did not want yet.
    func receiveNow() {
        guard isOpen, isReading else { return }
        receive()
        reportFinish()
    }

    /// Has `ChannelDelegate.channelTurn` called when the loop has time for work that nobody has begun.
    func awaitTurn() { loop.awaitTurn(registration) }

    var awaitsTurn: Bool { loop.awaitsTurn(registration) }

    func takeTurn(isLate: Bool) { delegate?.channelTurn(isLate: isLate) }

    func continueWork() {
        isContinuing = false
        guard isOpen else { return }
        if isReading, tls?.mayHavePlaintext == true { decrypt() }
        if isOpen, isReading, mayReceive || peerFinished { receiveIfWanted(isEnding: peerFinished) }
        reportFinish()
        if reportsDrain {
            reportsDrain = false
            delegate?.channelDrained()
        }
    }

    private func continueLater() {
        guard !isContinuing else { return }
        isContinuing = true
        loop.continueLater(self)
    }

    private func finishConnecting(_ readiness: Readiness) {
        if let error = socket.pendingError(call: "connect") {
            delegate?.channelFailed(error)
            return
        }
        guard readiness.contains(.writable) else { return }
        isConnecting = false
        if readiness.contains(.readable) { mayReceive = true }
        if tls == nil { delegate?.channelConnected() } else { shakeHands() }
        if isOpen, queuedBytes > 0 { scheduleFlush() }
        if isOpen, isReading, mayReceive { continueLater() }
    }

    private func receive() {
        for _ in 0..<Self.receivesPerTurn {
            guard isOpen, isReading else { return }
            switch socket.receive(into: loop.receiveBuffer) {
            case .bytes(0):
                reachedEnd()
                return
            case .bytes(let count):
                take(UnsafeRawBufferPointer(loop.receiveBuffer).slice(0..<count))
                if count < loop.receiveBuffer.count, !peerFinished {
                    mayReceive = false
                    return
                }
            case .wouldBlock:
                mayReceive = false
                return
            case .failed(let error):
                delegate?.channelFailed(error)
                return
            }
        }
        continueLater()
    }

    private func reachedEnd() {
        mayReceive = false
        peerFinished = false
        isReading = false
        reportedFinish = true
        delegate?.channelReachedEnd()
    }

    private func reportFinish() {
        guard isOpen, !isReading, peerFinished, !reportedFinish else { return }
        reportedFinish = true
        delegate?.channelPeerFinished()
    }

    // MARK: closing

    func loopEnded() { close() }

    /// Closes at once; what is queued is lost. With `reset`, the other side sees an error instead of an end.
    func close(reset: Bool = false) {
        guard isOpen else { return }
        loop.deregister(registration, of: socket.descriptor)
        if reset { socket.resetOnClose() } else if queuedBytes == 0 { sayGoodbye() }
        socket.close()
        if output.hasStorage {
            output.consume(output.count)
            loop.giveBack(output.release())
        }
        delegate = nil
    }
}

// MARK: TLS

extension Channel {
    private func take(_ bytes: UnsafeRawBufferPointer) {
        guard let tls else {
            delegate?.channelReceived(bytes)
            return
        }
        do {
            try tls.session.receive(bytes)
            tls.mayHavePlaintext = true
            if tls.isEstablished { decrypt() } else { shakeHands() }
        } catch {
            tlsFailed(error)
        }
    }

    private func shakeHands() {
        guard let tls else { return }
        do {
            guard try tls.handshake() else {
                queueRecords()
                return
            }
            queueRecords()
            delegate?.channelConnected()
            if isOpen { decrypt() }
        } catch {
            tlsFailed(error)
        }
    }

    /// Hands out what can be decrypted of what was received.
    private func decrypt() {
        guard let tls, tls.isEstablished else { return }
        do {
            while isOpen, isReading {
                switch try tls.session.read(into: loop.plaintextBuffer) {
                case .bytes(let count): delegate?.channelReceived(UnsafeRawBufferPointer(loop.plaintextBuffer).slice(0..<count))
                case .none:
                    tls.mayHavePlaintext = false
                    queueRecords()
                    return
                case .end:
                    tls.mayHavePlaintext = false
                    tls.isEnded = true
                    reachedEnd()
                    return
                }
            }
        } catch {
            tlsFailed(error)
        }
    }

    /// Encrypts as much as makes sense to hold encrypted; false when the connection is broken.
    private func encrypt() -> Bool {
        guard let tls, tls.hasPlaintextToSend, output.count < lowWaterBytes else { return true }
        do {
            try tls.encrypt(atMost: lowWaterBytes)
        } catch {
            tlsFailed(error)
            return false
        }
        takeRecords()
        return true
    }

    /// Queues what TLS itself has to say, such as its part of the handshake.
    private func queueRecords() {
        guard isOpen, takeRecords() else { return }
        scheduleFlush()
    }

    @discardableResult
    private func takeRecords() -> Bool {
        var tookAny = false
        tls?.session.takeOutgoing { records in
            if !output.hasStorage { output.adopt(loop.takeStorage()) }
            output.append(records)
            tookAny = true
        }
        return tookAny
    }

    /// Says that nothing more follows, as far as the kernel takes it now.
    private func sayGoodbye() {
        guard let tls else { return }
        tls.session.finish()
        tls.session.takeOutgoing { _ = socket.send($0) }
    }

    private func tlsFailed(_ error: any Error) {
        // The alert, which tells the other side why.
        tls?.session.takeOutgoing { _ = socket.send($0) }
        delegate?.channelFailed(error)
    }
}
