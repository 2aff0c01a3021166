import CLinux
import Glibc

/// One connection of a client: a request that is written, and an answer that is followed.
struct Peer {
    enum State { case closed, connecting, idle, busy }

    private(set) var state = State.closed
    private(set) var socket: Int32 = -1
    /// How much of the request has been written.
    private var written = 0
    private var reader = AnswerReader()
    /// When the request that it carries was due.
    var due = 0

    /// Begins to connect, to be told by the poller under `number`.
    mutating func connect(to port: UInt16, number: Int, _ poller: Poller) -> Bool {
        guard let made = Loopback.connect(port) else { return false }
        socket = made
        state = .connecting
        written = 0
        reader = AnswerReader()
        poller.watch(made, as: number, writing: true)
        return true
    }

    /// To be said when a connecting socket can be written to.
    mutating func connected(number: Int, _ poller: Poller) {
        state = .idle
        poller.watch(socket, as: number, isWatched: true)
    }

    /// Writes the request, or what is left of it; false when the connection is dead.
    mutating func send(_ request: [UInt8]) -> Bool {
        state = .busy
        while written < request.count {
            let count = request.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress! + written, $0.count - written, Int32(MSG_NOSIGNAL))
            }
            if count < 0 { return errno == EAGAIN }
            written += count
        }
        return true
    }

    /// Reads what has come; nil when there is nothing.
    mutating func receive(into buffer: UnsafeMutableRawBufferPointer) -> Receipt? {
        let count = recv(socket, buffer.baseAddress, buffer.count, 0)
        if count < 0, errno == EAGAIN { return nil }
        guard count > 0 else { return Receipt(count: 0, outcome: .broken) }
        let outcome = reader.take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        if case .whole = outcome {
            written = 0
            state = .idle
        }
        return Receipt(count: count, outcome: outcome)
    }

    struct Receipt {
        var count: Int
        var outcome: AnswerReader.Outcome
    }

    mutating func close() {
        if state != .closed { Glibc.close(socket) }
        state = .closed
    }
}
