import CLinux
import Glibc

/// Answers every request by a stream of stamped events, one each pause.
struct EventProvider {
    private struct Stream {
        var socket: Int32
        var question: [UInt8] = []
        /// When the next event is due; nil while a request is awaited.
        var nextDue: Int?
        var number = 0
    }

    private let listener: Int32
    private let pause: Int
    private let events: Int
    private var streams: [Int: Stream] = [:]
    private let poller: Poller
    private var queue = DueQueue()
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)

    private static let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    private static let tail =
        StampedEvent.chunk(
            #"data: {"id":"chatcmpl-9f2c5b71","object":"chat.completion.chunk","model":"gpt-4o-mini","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#
                + "\n\n")
        + StampedEvent.chunk(
            #"data: {"id":"chatcmpl-9f2c5b71","object":"chat.completion.chunk","model":"gpt-4o-mini","choices":[],"usage":{"prompt_tokens":78,"completion_tokens":500,"total_tokens":578}}"#
                + "\n\n")
        + StampedEvent.chunk("data: [DONE]\n\n") + Array("0\r\n\r\n".utf8)

    init(_ arguments: Arguments) throws {
        Loopback.raiseLimits()
        signal(SIGPIPE, SIG_IGN)
        listener = try Loopback.listen(try arguments.port())
        pause = try arguments.number("pause") * Clock.nanosecondsPerMillisecond
        events = try arguments.number("events")
        poller = try Poller()
        poller.watch(listener, as: Int(listener))
    }

    mutating func run() throws {
        while true {
            poller.wait(until: queue.first?.due ?? Clock.now() + Clock.nanosecondsPerSecond) { socket, _ in
                handle(socket)
            }
            let now = Clock.now()
            while let first = queue.first, first.due <= now {
                queue.removeFirst()
                sendEvent(first.socket, due: first.due)
            }
        }
    }

    private mutating func handle(_ socket: Int) {
        if socket == Int(listener) {
            while let taken = Loopback.accept(listener) {
                streams[Int(taken)] = Stream(socket: taken)
                poller.watch(taken, as: Int(taken))
            }
            return
        }
        let count = recv(Int32(socket), buffer.baseAddress, buffer.count, 0)
        if count < 0, errno == EAGAIN { return }
        guard count > 0 else { return drop(socket) }
        streams[socket]?.question += buffer[..<count]
        if let question = streams[socket]?.question, Self.isWhole(question) { begin(socket) }
    }

    /// A head and as much of a body as its length says.
    private static func isWhole(_ question: [UInt8]) -> Bool {
        guard let end = question.firstRange(of: Array("\r\n\r\n".utf8)) else { return false }
        let lines = String(decoding: question[..<end.lowerBound], as: UTF8.self).lowercased().split(
            whereSeparator: \.isNewline)
        let value = lines.first { $0.hasPrefix("content-length:") }?.split(separator: ":").last
        let length = value.flatMap { Int($0.drop { $0 == " " }) } ?? 0
        return question.count - end.upperBound >= length
    }

    private mutating func begin(_ socket: Int) {
        streams[socket]?.question = []
        streams[socket]?.number = 0
        let head = Array(Self.head.utf8)
        guard send(socket, head) else { return drop(socket) }
        let due = Clock.now() + pause
        streams[socket]?.nextDue = due
        queue.add(due, socket)
    }

    private mutating func sendEvent(_ socket: Int, due: Int) {
        // A descriptor that was closed and taken again has another time.
        guard let stream = streams[socket], stream.nextDue == due else { return }
        guard stream.number < events else {
            streams[socket]?.nextDue = nil
            if !send(socket, Self.tail) { drop(socket) }
            return
        }
        guard send(socket, StampedEvent.chunk(stamp: Clock.now(), number: stream.number)) else { return drop(socket) }
        streams[socket]?.number += 1
        streams[socket]?.nextDue = due + pause
        queue.add(due + pause, socket)
    }

    /// What a socket does not take at once is a reader that does not keep up, which no measurement here has.
    private func send(_ socket: Int, _ bytes: [UInt8]) -> Bool {
        Glibc.send(Int32(socket), bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }

    private mutating func drop(_ socket: Int) {
        streams[socket] = nil
        close(Int32(socket))
    }
}
