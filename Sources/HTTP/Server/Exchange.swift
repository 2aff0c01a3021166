/// One request and its answer. Used on its loop's thread alone; every call after the end does nothing.
package final class Exchange {
    package let request: RequestHead
    /// Who asks.
    package let peer: PeerAddress
    /// The process that asks over a local socket; nil for whoever asks over a network.
    package let process: SocketPeer?
    /// Called when the queue of answer bytes has run low again after `isWritable` was false.
    package var onWritable: (() -> Void)?
    /// Called once if the client goes away, or the server gives the request up by itself, before `end`.
    package var onGone: (() -> Void)?
    /// Whether a client that has only shut its sending direction counts as gone. Such a client may still read; most
    /// clients that do this in the middle of a stream have left. `begin` sets it.
    package var treatsHalfCloseAsGone = false {
        didSet { if treatsHalfCloseAsGone { connection?.peerMayBeGone() } }
    }

    /// Fields that the answer has beside those of its head, also one that the server gives by itself.
    package var answerFields: Headers?

    private var connection: ServerConnection?
    private var awaitsContinue: Bool
    private var bodyTaker = BodyTaker.none
    private var collected: [UInt8] = []
    private let bodies: BodyBudget
    /// Bytes for which there is room in `bodies`.
    private var heldBytes = 0
    /// Whether an answer has been queued, even in part.
    private(set) var hasBegun = false
    private var framing = AnswerFraming.none

    private enum BodyTaker {
        case none
        case whole(max: Int, (UnsafeRawBufferPointer) -> Void)
        /// The body has been handed over.
        case done
    }

    private enum AnswerFraming {
        /// No bytes follow the head.
        case none
        case length(left: Int)
        case chunked
        case untilClose
    }

    init(connection: ServerConnection, request: ParsedRequest) {
        self.connection = connection
        self.request = request.head
        peer = connection.peer
        process = connection.process
        bodies = connection.server.bodies
        awaitsContinue = request.expectsContinue
    }

    deinit { releaseHeld() }

    /// Whether the exchange is still under way.
    package var isOpen: Bool { connection != nil }
}

// MARK: the request's body

extension Exchange {
    /// Calls `done` once with the whole body, valid during the call. A body over `max` bytes is answered 413, one that
    /// breaks off or comes too slowly 400 or 408; then `onGone` is called instead.
    package func collectBody(max: Int, _ done: @escaping (UnsafeRawBufferPointer) -> Void) {
        guard let connection, case .none = bodyTaker else { return }
        if let length = connection.body.remaining, length > max {
            connection.refuse(.bodyTooLarge)
            return
        }
        bodyTaker = .whole(max: max, done)
        if connection.body.isEnded {
            bodyEnded()
            return
        }
        connection.expect(.body)
        if awaitsContinue, !connection.hasPartialHead {
            awaitsContinue = false
            connection.queueContinue()
        }
        connection.resume()
    }

    var wantsBody: Bool {
        if case .none = bodyTaker { false } else { true }
    }

    func bodyReceived(_ bytes: UnsafeRawBufferPointer, left: Int?) {
        awaitsContinue = false
        if case .whole(let max, let done) = bodyTaker { collect(bytes, left, max, done) }
    }

    private func collect(
        _ bytes: UnsafeRawBufferPointer, _ left: Int?, _ max: Int, _ done: (UnsafeRawBufferPointer) -> Void
    ) {
        guard hold(bytes.count) else {
            connection?.server.meter.count(.bodiesFull)
            connection?.refuse(.tooManyBodies)
            return
        }
        if collected.isEmpty, left == 0 {
            // The whole body in one piece needs no copy.
            bodyTaker = .done
            done(bytes)
        } else if collected.count + bytes.count > max {
            connection?.refuse(.bodyTooLarge)
        } else {
            if collected.isEmpty, let left { collected.reserveCapacity(min(bytes.count + left, Self.reservedBytesMax)) }
            collected.append(contentsOf: bytes)
        }
    }

    /// A body's declared length is only a claim; more than this is not set aside for it in advance.
    private static let reservedBytesMax = 1024 * 1024

    /// Takes room for `count` bytes more of what is kept for this exchange, until it is given back or nobody has the exchange any
    /// more; false where the bodies of all exchanges have as much as they may. A body counts once, in whatever forms it is kept.
    package func hold(_ count: Int) -> Bool {
        guard bodies.take(count) else { return false }
        heldBytes += count
        return true
    }

    /// So much of what is held is not kept any more.
    package func giveBack(_ count: Int) {
        let count = min(count, heldBytes)
        heldBytes -= count
        if count > 0 { bodies.release(count) }
    }

    /// Nothing of the bodies is kept any more but what is queued for the client, whose room is the connection's from now on.
    package func releaseHeld() {
        leaveRoom()
        giveBack(heldBytes)
    }

    private func leaveRoom() {
        if heldBytes > 0, let connection { heldBytes -= connection.keepRoom(atMost: heldBytes) }
    }

    func bodyEnded() {
        guard case .whole(_, let done) = bodyTaker else { return }
        bodyTaker = .done
        let body = collected
        collected = []
        body.withUnsafeBytes(done)
    }
}

// MARK: the answer

extension Exchange {
    /// Answers with a whole body. Sets Content-Length, Date and Connection itself. A body for which there is no room in the
    /// server's budget, and that is too long to wait for its reader without, is answered 503 instead; then `onGone` is called.
    package func respond(_ head: ResponseHead, body: [UInt8]) {
        body.withUnsafeBytes { respond(head, bytes: $0) }
    }

    /// Answers what the server itself has to say of the request.
    func respond(_ fault: MessageFault) {
        guard let connection, !hasBegun else { return }
        let (head, body) = connection.server.answer(fault, to: request)
        respond(head, body: body)
    }

    /// Answers with a whole body, which is copied.
    package func respond(_ head: ResponseHead, bytes: UnsafeRawBufferPointer) {
        guard let connection, !hasBegun, hasRoom(for: bytes.count, connection) else { return }
        prepareAnswer(connection)
        let declaresOnly = request.isHead && bytes.isEmpty && head.headers.contains("content-length")
        connection.queueHead(
            head, more: answerFields, length: declaresOnly ? .asDeclared : .count(bytes.count), isHTTP10: request.minorVersion == 0)
        if !request.isHead, Self.mayHaveBody(head.status), !bytes.isEmpty { connection.channel.queue { $0.append(bytes) } }
        finish()
    }

    /// Begins an answer whose body follows by `write`. With a Content-Length in `head` the body must have exactly that
    /// many bytes; without one it is sent in chunks, or to an HTTP/1.0 client until the connection closes.
    package func begin(_ head: ResponseHead) {
        guard let connection, !hasBegun else { return }
        let declared = head.headers.withValue("content-length") { $0.decimal } ?? nil
        let isHTTP10 = request.minorVersion == 0
        if declared == nil, isHTTP10 { connection.keepsAlive = false }
        prepareAnswer(connection)
        let length: ServerConnection.AnswerLength
        if let declared {
            (length, framing) = (.count(declared), .length(left: declared))
        } else if isHTTP10 {
            (length, framing) = (.untilClose, .untilClose)
        } else {
            (length, framing) = (.chunked, .chunked)
        }
        connection.queueHead(head, more: answerFields, length: length, isHTTP10: isHTTP10)
        if request.isHead || !Self.mayHaveBody(head.status) { framing = .none }
        treatsHalfCloseAsGone = true
    }

    /// Queues a piece of the body. Bytes beyond a declared length are dropped.
    package func write(_ bytes: UnsafeRawBufferPointer) {
        guard let connection, hasBegun, !bytes.isEmpty else { return }
        switch framing {
        case .none: break
        case .untilClose: connection.channel.queue { $0.append(bytes) }
        case .length(let left):
            let count = min(left, bytes.count)
            framing = .length(left: left - count)
            connection.channel.queue { $0.append(bytes.slice(0..<count)) }
        case .chunked:
            connection.channel.queue { output in
                output.append(hexadecimal: bytes.count)
                output.appendLineEnd()
                output.append(bytes)
                output.appendLineEnd()
            }
        }
    }

    package func write(_ bytes: [UInt8]) { bytes.withUnsafeBytes { write($0) } }

    /// Ends the answer. One that has fewer bytes than it declared ends uncleanly.
    package func end() {
        guard let connection, hasBegun else { return }
        if case .length(let left) = framing, left > 0 {
            abort()
            return
        }
        if case .chunked = framing { connection.channel.queue { $0.append("0\r\n\r\n") } }
        finish()
    }

    /// Ends the exchange so that the client sees that the answer is not whole: what is queued is sent, then the
    /// connection closes without the end of the body, or by a reset where the close itself would be the end.
    package func abort() {
        guard let connection else { return }
        connection.keepsAlive = false
        if case .untilClose = framing {
            detach()
            connection.exchange = nil
            connection.close(reset: true)
        } else {
            finish()
        }
    }

    /// Ends the exchange by resetting the connection at once; what is queued and has not left is lost.
    package func reset() {
        guard let connection else { return }
        detach()
        connection.exchange = nil
        connection.close(reset: true)
    }

    /// Whether more answer bytes are welcome. While false, write nothing and wait for `onWritable`.
    package var isWritable: Bool {
        guard let connection else { return false }
        return connection.channel.queuedBytes < connection.limits.outputHighWaterBytes
    }

    private static func mayHaveBody(_ status: Int) -> Bool { status >= 200 && status != 204 && status != 304 }

    /// Takes room for an answer that a reader who stops would make us hold, as far as it is not held already.
    private func hasRoom(for count: Int, _ connection: ServerConnection) -> Bool {
        guard count > connection.limits.outputHighWaterBytes, count > heldBytes, !request.isHead else { return true }
        if hold(count - heldBytes) { return true }
        connection.server.meter.count(.bodiesFull)
        connection.refuse(.tooManyBodies)
        return false
    }

    /// Decides, before the head is written, whether the connection can go on after the answer.
    private func prepareAnswer(_ connection: ServerConnection) {
        hasBegun = true
        if connection.server.isDraining || !canDropRest(of: connection) { connection.keepsAlive = false }
    }

    /// Whether what has not been read of the body can be read and dropped. A client that waits for 100 may or may not send
    /// its body after another answer.
    private func canDropRest(of connection: ServerConnection) -> Bool {
        if connection.body.isEnded { return true }
        guard !awaitsContinue, let left = connection.body.remaining else { return false }
        return left <= connection.limits.drainBytesMax
    }

    private func finish() {
        let connection = connection
        leaveRoom()
        detach()
        connection?.exchangeEnded()
    }

    private func detach() {
        connection = nil
        onGone = nil
        onWritable = nil
        bodyTaker = .none
        collected = []
    }

    /// The client or the connection has gone.
    func lost() {
        let tell = onGone
        detach()
        tell?()
    }

    func drained() { onWritable?() }
}
