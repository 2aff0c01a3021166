import Foundation
import Glibc
import TestKit

/// One call over a connection of its own to 127.0.0.1, sent piece by piece where a test wants that.
final class WebCall {
    private let descriptor: Int32

    struct Answer {
        var status: Int
        /// By lower-case name.
        var headers: [String: String]
        var body: String
    }

    struct Failure: Error { var call: String }

    /// `source` is the last byte of our own address.
    init(port: UInt16, from source: UInt32 = 1) throws {
        descriptor = try LoopbackSocket.connect(to: port, patience: 30, from: source)
    }

    deinit { close(descriptor) }

    func send(_ text: String) throws {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { throw Failure(call: "send") }
            bytes = bytes.dropFirst(count)
        }
    }

    func answer() throws -> Answer {
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count >= 0 else { throw Failure(call: "recv") }
            guard count > 0 else { break }
            received += buffer[..<count]
        }
        let text = String(decoding: received, as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n") else { throw Failure(call: "no head in \(text)") }
        let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts.count == 2 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
        }
        return Answer(status: Int(lines[0].split(separator: " ")[1]) ?? 0, headers: headers, body: String(text[end.upperBound...]))
    }

    static func send(
        _ method: String = "GET", _ path: String, to port: UInt16, headers: [String: String] = [:], body: String? = nil, from source: UInt32 = 1
    ) throws -> Answer {
        let call = try WebCall(port: port, from: source)
        var head = "\(method) \(path) HTTP/1.1\r\nConnection: close\r\n"
        if headers["Host"] == nil { head += "Host: 127.0.0.1:\(port)\r\n" }
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if let body { head += "Content-Length: \(body.utf8.count)\r\n" }
        try call.send(head + "\r\n" + (body ?? ""))
        return try call.answer()
    }
}
