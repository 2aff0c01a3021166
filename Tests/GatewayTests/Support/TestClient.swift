import Glibc
import HTTP
import TestKit

/// A blocking HTTP client of one connection per request, which sees every byte.
struct TestClient {
    let port: UInt16

    struct Failure: Error {
        var call: String
    }

    struct Answer {
        var status: Int
        var headers: [String: String]
        var body: [UInt8]
        /// Whether the body's framing said that it is whole.
        var isWhole: Bool

        var text: String { String(decoding: body, as: UTF8.self) }

        /// The string at a path of members, or the number's or word's text.
        func json(_ path: String...) -> String? {
            body.withUnsafeBytes { bytes in
                guard var value = (try? JSONScan(bytes))?.root else { return nil }
                for name in path {
                    if let index = Int(name), let list = value.array() {
                        guard let element = list.dropFirst(index).first(where: { _ in true }) else { return nil }
                        value = element
                    } else {
                        guard let member = value.object()?[name] else { return nil }
                        value = member
                    }
                }
                return value.string() ?? String(decoding: value.text, as: UTF8.self)
            }
        }

        /// The `data` of each event.
        var events: [String] {
            text.split(separator: "\n\n").compactMap { block in
                block.hasPrefix("data: ") ? String(block.dropFirst(6)) : nil
            }
        }
    }

    func chat(
        _ model: String = "openai/gpt-4o", stream: Bool = false, more: String = "", key: String? = Platform.secret,
        headers: [String: String] = [:]
    ) throws -> Answer {
        let body = #"{"model":"\#(model)","messages":[{"role":"user","content":"one two three"}]\#(stream ? #","stream":true"# : "")\#(more)}"#
        return try send("POST", "/v1/chat/completions", body: body, key: key, headers: headers)
    }

    func get(_ path: String, key: String? = Platform.secret) throws -> Answer { try send("GET", path, body: nil, key: key) }

    func send(
        _ method: String, _ path: String, body: String?, key: String? = Platform.secret, headers: [String: String] = [:]
    ) throws -> Answer {
        let connection = try open(method, path, body: body, key: key, headers: headers)
        return try connection.readAnswer()
    }

    func send(_ path: String, _ form: TestForm, key: String? = Platform.secret, headers: [String: String] = [:]) throws -> Answer {
        var head = "POST \(path) HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n"
        if let key { head += "Authorization: Bearer \(key)\r\n" }
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        head += "Content-Type: \(form.contentType)\r\nContent-Length: \(form.bytes.count)\r\n\r\n"
        let connection = try TestConnection(port: port)
        try connection.send(Array(head.utf8) + form.bytes)
        return try connection.readAnswer()
    }

    /// Sends a request and leaves its answer unread.
    func open(
        _ method: String, _ path: String, body: String?, key: String? = Platform.secret, headers: [String: String] = [:],
        receiveBuffer: Int32? = nil
    ) throws -> TestConnection {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n"
        if let key { head += "Authorization: Bearer \(key)\r\n" }
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if let body { head += "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n" }
        let connection = try TestConnection(port: port, receiveBuffer: receiveBuffer)
        try connection.send(head + "\r\n" + (body ?? ""))
        return connection
    }
}

/// One TCP connection to 127.0.0.1.
final class TestConnection {
    private let descriptor: Int32
    private var received: [UInt8] = []

    /// `receiveBuffer` bounds what the kernel takes for who does not read.
    init(port: UInt16, receiveBuffer: Int32? = nil) throws {
        descriptor = try LoopbackSocket.connect(to: port, receiveBuffer: receiveBuffer)
    }

    deinit { close(descriptor) }

    /// Lets the other side see a reset when the connection goes.
    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var bytes = bytes[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { throw TestClient.Failure(call: "send") }
            bytes = bytes.dropFirst(count)
        }
    }

    /// Receives some more; false at the end.
    func receive() throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count >= 0 else { throw TestClient.Failure(call: "recv") }
        received += buffer[..<count]
        return count > 0
    }

    /// Receives until `text` has come.
    func receive(until text: String) throws {
        while !String(decoding: received, as: UTF8.self).contains(text) {
            guard try receive() else { throw TestClient.Failure(call: "end before \(text)") }
        }
    }

    var receivedCount: Int { received.count }
    var receivedText: String { String(decoding: received, as: UTF8.self) }

    func readAnswer() throws -> TestClient.Answer {
        while try receive() {}
        return try Self.parse(received)
    }

    /// Reads one answer of a known length and leaves the connection open.
    func readOne() throws -> TestClient.Answer {
        while true {
            if let answer = try? Self.parse(received), let length = answer.headers["content-length"].flatMap({ Int($0) }), answer.body.count >= length {
                received = []
                return answer
            }
            guard try receive() else { throw TestClient.Failure(call: "an end after \(received.count) bytes of an answer") }
        }
    }

    private static func parse(_ bytes: [UInt8]) throws -> TestClient.Answer {
        let end = Array("\r\n\r\n".utf8)
        guard let start = bytes.indices.first(where: { bytes[$0...].starts(with: end) }) else {
            throw TestClient.Failure(call: "head of \(String(decoding: bytes, as: UTF8.self))")
        }
        let lines = String(decoding: bytes[..<start], as: UTF8.self).split(separator: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts.count == 2 ? parts[1].trimmingPrefix { $0 == " " }.description : ""
        }
        let status = Int(lines.first?.split(separator: " ").dropFirst().first ?? "") ?? 0
        let rest = Array(bytes[(start + 4)...])
        if headers["transfer-encoding"] == "chunked" {
            let (body, isWhole) = dechunk(rest)
            return TestClient.Answer(status: status, headers: headers, body: body, isWhole: isWhole)
        }
        let length = headers["content-length"].flatMap { Int($0) }
        return TestClient.Answer(status: status, headers: headers, body: rest, isWhole: length == nil || length == rest.count)
    }

    private static func dechunk(_ bytes: [UInt8]) -> ([UInt8], Bool) {
        var body: [UInt8] = []
        var rest = bytes[...]
        while let line = rest.firstIndex(of: 13) {
            guard let size = Int(String(decoding: rest[..<line], as: UTF8.self), radix: 16) else { return (body, false) }
            rest = rest[(line + 2)...]
            if size == 0 { return (body, true) }
            guard rest.count >= size + 2 else { return (body + rest, false) }
            body += rest.prefix(size)
            rest = rest.dropFirst(size + 2)
        }
        return (body, false)
    }
}
