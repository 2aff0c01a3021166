import Foundation
import Glibc
import TestKit

struct CallError: Error {
    let call: String
    let code: Int32
}

/// What a client saw of one answer.
struct Reply {
    enum Ending: Equatable {
        /// The body came whole by the HTTP message's own framing.
        case whole
        /// The connection closed before the end of the body.
        case closed
        /// The connection was reset.
        case reset
    }

    var status = 0
    var headers: [String: String] = [:]
    var body: [UInt8] = []
    var ending = Ending.whole

    var text: String { String(decoding: body, as: UTF8.self) }

    func json() throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] ?? [:]
    }

    /// The `data` of every event.
    var events: [String] {
        text.components(separatedBy: "\n\n").filter { !$0.isEmpty }.map { String($0.dropFirst("data: ".count)) }
    }

    func chunks() throws -> [[String: Any]] {
        try events.filter { $0 != "[DONE]" }.map {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
        }
    }
}

/// A blocking client that reads answers by its own understanding of HTTP, so that no error of the server's code hides
/// behind the same error here.
final class ProviderClient {
    private let descriptor: Int32
    private var received: [UInt8] = []

    init(port: UInt16, receiveBuffer: Int32? = nil) throws {
        descriptor = try LoopbackSocket.connect(to: port, receiveBuffer: receiveBuffer)
    }

    deinit { close(descriptor) }

    func post(_ path: String, _ body: String, headers: [String: String] = [:]) throws -> Reply {
        try send("POST", path, body, headers: headers)
        return try receive()
    }

    func get(_ path: String, method: String = "GET", headers: [String: String] = [:]) throws -> Reply {
        try send(method, path, "", headers: headers)
        return try receive()
    }

    func send(_ method: String, _ path: String, _ body: String, headers: [String: String] = [:]) throws {
        var text = "\(method) \(path) HTTP/1.1\r\nhost: localhost\r\ncontent-length: \(body.utf8.count)\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        let bytes = Array((text + "\r\n" + body).utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0 { throw CallError(call: "send", code: errno) }
            sent += count
        }
    }

    /// Reads an answer to its end, whichever kind of end that is.
    func receive() throws -> Reply {
        var reply = Reply()
        do {
            try readHead(&reply)
            if reply.headers["transfer-encoding"] == "chunked" {
                try readChunks(&reply)
            } else {
                let count = Int(reply.headers["content-length"] ?? "") ?? 0
                while reply.body.count < count { reply.body.append(try nextByte()) }
            }
        } catch Stop.closed {
            reply.ending = .closed
        } catch Stop.reset {
            reply.ending = .reset
        }
        return reply
    }

    /// Reads that many bytes of the body of whatever is coming, without regard to framing.
    func receiveSome(_ count: Int) throws { for _ in 0..<count { _ = try nextByte() } }

    /// Reads whatever still comes, and says how the connection ended.
    func receiveRest() throws -> Reply.Ending {
        do {
            while true { _ = try nextByte() }
        } catch Stop.closed {
            return .closed
        } catch Stop.reset {
            return .reset
        }
    }

    private enum Stop: Error { case closed, reset }

    private func readHead(_ reply: inout Reply) throws {
        let status = try nextLine().split(separator: " ")
        reply.status = status.count > 1 ? Int(status[1]) ?? 0 : 0
        while true {
            let line = try nextLine()
            if line.isEmpty { return }
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { reply.headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces) }
        }
    }

    private func readChunks(_ reply: inout Reply) throws {
        while true {
            guard let size = Int(try nextLine(), radix: 16) else { throw CallError(call: "chunk size", code: 0) }
            for _ in 0..<size { reply.body.append(try nextByte()) }
            _ = try nextLine()
            if size == 0 { return }
        }
    }

    private func nextLine() throws -> String {
        var line: [UInt8] = []
        while true {
            let byte = try nextByte()
            if byte == 0x0A { return String(decoding: line.dropLast(line.last == 0x0D ? 1 : 0), as: UTF8.self) }
            line.append(byte)
        }
    }

    private var position = 0

    private func nextByte() throws -> UInt8 {
        if position == received.count {
            position = 0
            received = [UInt8](repeating: 0, count: 16_384)
            let count = recv(descriptor, &received, received.count, 0)
            let code = errno
            received.removeLast(received.count - max(0, count))
            if count == 0 { throw Stop.closed }
            if count < 0 { throw code == ECONNRESET ? Stop.reset : CallError(call: "recv", code: code) }
        }
        defer { position += 1 }
        return received[position]
    }
}
