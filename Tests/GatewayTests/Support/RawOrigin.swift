import Dispatch
import Glibc
import Synchronization
import TestKit

/// A provider that keeps every byte it is sent, and answers whatever looks like a request, as a careless server would: it
/// believes the first Content-Length alone.
final class RawOrigin: Sendable {
    let port: UInt16
    private let listener: Int32
    private let log: Log

    private final class Log: Sendable {
        let requests = Mutex<[String]>([])
        let connections = Mutex(0)
    }

    static let completion =
        #"{"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":1}}"#

    /// An answer with the usual body.
    static let ok = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(completion.utf8.count)\r\n\r\n\(completion)"

    /// `answer` gives the bytes to send for a request as it came; nil closes the connection without an answer.
    init(_ answer: @escaping @Sendable (_ request: String) -> String? = { _ in RawOrigin.ok }) throws {
        let listener: Int32
        (listener, port) = try LoopbackSocket.listen()
        self.listener = listener
        let log = Log()
        self.log = log
        // Connections of a pool stay open: each has a queue of its own, and its thread while it waits.
        DispatchQueue(label: "raw-origin").async {
            while case let descriptor = accept(listener, nil, nil), descriptor >= 0 {
                log.connections.withLock { $0 += 1 }
                DispatchQueue(label: "raw-origin-connection").async { Self.serve(descriptor, log, answer) }
            }
            close(listener)
        }
    }

    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    /// Heads with their bodies, as they came.
    var requests: [String] { log.requests.withLock { $0 } }
    var connections: Int { log.connections.withLock { $0 } }

    private static func serve(_ descriptor: Int32, _ log: Log, _ answer: (String) -> String?) {
        defer { close(descriptor) }
        var buffer: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            while let count = requestBytes(buffer) {
                let request = String(decoding: buffer[..<count], as: UTF8.self)
                buffer.removeFirst(count)
                log.requests.withLock { $0.append(request) }
                guard let text = answer(request) else { return }
                let sent = Array(text.utf8).withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                guard sent == text.utf8.count else { return }
            }
            let count = recv(descriptor, &piece, piece.count, 0)
            guard count > 0 else { break }
            buffer += piece[..<count]
        }
        if !buffer.isEmpty { log.requests.withLock { $0.append("unfinished: " + String(decoding: buffer, as: UTF8.self)) } }
    }

    private static func requestBytes(_ buffer: [UInt8]) -> Int? {
        guard let end = buffer.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound else { return nil }
        let name = Array("content-length: ".utf8)
        let head = buffer[..<end].map { $0 >= 0x41 && $0 <= 0x5a ? $0 | 0x20 : $0 }
        guard let place = head.firstRange(of: name)?.upperBound else { return end }
        let length = Int(String(decoding: buffer[place...].prefix { $0 != 13 }, as: UTF8.self)) ?? 0
        return buffer.count >= end + length ? end + length : nil
    }
}
