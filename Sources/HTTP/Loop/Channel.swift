/// What happens on a channel. All calls come on the loop's thread; after `close` there are none.
protocol ChannelDelegate: AnyObject {
    /// A connection that was being made stands.
    func channelConnected()
    /// Bytes came; they are valid during the call.
    func channelReceived(_ bytes: UnsafeRawBufferPointer)
    /// The other side has shut its sending direction and everything it sent has been received.
    func channelReachedEnd()
    /// The other side has shut its sending direction, but reading is paused.
    func channelPeerFinished()
    /// The connection is broken: a reset, or an error of the network.
    func channelFailed(_ error: SystemError)
    /// What was queued has been sent down to the low-water mark.
    func channelDrained()
    /// Everything queued has been sent, and that nothing follows, as `finishSending` asked.
    func channelFinishedSending()
}

/// A connected socket in a loop: receives into the loop's buffer, queues what is to be sent, sends at the end of a turn.
///
/// Edge-triggered: an event says that something has changed, `mayReceive` and `isBlocked` remember what.
final class Channel: EventHandler {
    let loop: EventLoop
    /// Keeps its owner alive until `close`.
    private var delegate: (any ChannelDelegate)?
    private var socket: Socket
    private var registration: Registration
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
    private var lowWaterBytes: Int
    /// Bytes taken by the kernel since the connection was made.
    private(set) var sentBytes = 0
    /// Whether bytes are wanted. While false the kernel's window closes and the sender has to wait.
    private(set) var isReading = true

    private static let receivesPerTurn = 4

    init(
        loop: EventLoop, socket: consuming Socket, isConnecting: Bool, lowWaterBytes: Int
    ) throws(SystemError) {
        self.loop = loop
        self.socket = socket
        self.isConnecting = isConnecting
        self.lowWaterBytes = lowWaterBytes
        watchesWrites = isConnecting
        registration = Registration(slot: .max, generation: 0)
        let interest: Readiness = isConnecting ? [.readable, .writable, .peerFinished, .edge]
            : [.readable, .peerFinished, .edge]
        registration = try loop.register(self.socket.descriptor, interest, self)
    }

    var isOpen: Bool { socket.isOpen }
    var queuedBytes: Int { output.count }

    func start(_ delegate: any ChannelDelegate) { self.delegate = delegate }

    // MARK: sending

    /// Queues what `write` appends; it leaves when the turn ends.
    func queue(_ write: (inout OutputBuffer) -> Void) {
        guard isOpen else { return }
        if !output.hasStorage { output.adopt(loop.takeStorage()) }
        write(&output)
        if output.count > lowWaterBytes { wasAboveLowWater = true }
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
        while !output.isEmpty, !isBlocked {
            guard sendOnce() else { return }
        }
        if output.isEmpty { sentAll() }
        if wasAboveLowWater, output.count <= lowWaterBytes {
            wasAboveLowWater = false
            reportsDrain = true
            continueLater()
        }
    }

    /// Sends what the kernel takes; false when the connection is broken.
    private func sendOnce() -> Bool {
        switch output.withReadable({ socket.send($0) }) {
        case .bytes(let count):
            sentBytes += count
            output.consume(count)
            return true
        case .wouldBlock:
            isBlocked = true
            return watchWrites()
        case .failed(let error):
            sendFailed(error)
            return false
        }
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
            try loop.change(
                registration, of: socket.descriptor, to: [.readable, .writable, .peerFinished, .edge])
            return true
        } catch {
            delegate?.channelFailed(error)
            return false
        }
    }

    private func sentAll() {
        if output.hasStorage { loop.giveBack(output.release()) }
        if finishesWhenSent {
            finishesWhenSent = false
            socket.finishSending()
            delegate?.channelFinishedSending()
        }
    }

    // MARK: receiving

    /// Starts or pauses reading. What has come meanwhile is received in the next turn.
    func setReading(_ wanted: Bool) {
        guard wanted != isReading, isOpen else { return }
        isReading = wanted
        if wanted, mayReceive || peerFinished { continueLater() }
    }

    func ready(_ readiness: Readiness) {
        if isConnecting {
            finishConnecting(readiness)
            return
        }
        if readiness.contains(.writable), isBlocked {
            isBlocked = false
            if !output.isEmpty { scheduleFlush() }
        }
        if readiness.contains(.peerFinished) { peerFinished = true }
        if !readiness.isDisjoint(with: [.readable, .peerFinished, .hangUp, .error]) { mayReceive = true }
        if isReading {
            receive()
            reportFinish()
        } else if !readiness.isDisjoint(with: [.hangUp, .error]) {
            let error = socket.pendingError(call: "epoll_wait") ?? .connectionReset
            delegate?.channelFailed(error)
        } else {
            reportFinish()
        }
    }

    func continueWork() {
        isContinuing = false
        guard isOpen else { return }
        if isReading, mayReceive || peerFinished { receive() }
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
        if !output.isEmpty { scheduleFlush() }
        delegate?.channelConnected()
        if isOpen, isReading, mayReceive { continueLater() }
    }

    private func receive() {
        for _ in 0..<Self.receivesPerTurn {
            guard isOpen, isReading else { return }
            switch socket.receive(into: loop.receiveBuffer) {
            case .bytes(0):
                mayReceive = false
                peerFinished = false
                isReading = false
                reportedFinish = true
                delegate?.channelReachedEnd()
                return
            case .bytes(let count):
                delegate?.channelReceived(UnsafeRawBufferPointer(loop.receiveBuffer).slice(0..<count))
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
        if reset { socket.resetOnClose() }
        socket.close()
        if output.hasStorage {
            output.consume(output.count)
            loop.giveBack(output.release())
        }
        delegate = nil
    }
}
