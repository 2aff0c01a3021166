import Glibc
import TestKit

/// A blocking client socket that writes and reads exactly what a test says.
final class RawConnection {
    private let descriptor: Int32
    private var isClosed = false

    struct Failure: Error {
        let call: String
        let code: Int32
    }

    /// Connects to a port of this machine. Reads give up after `patience` seconds.
    init(port: UInt16, patience: Int = 60, receiveBuffer: Int32? = nil) throws {
        descriptor = try LoopbackSocket.connect(to: port, patience: patience, receiveBuffer: receiveBuffer)
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close() }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        Glibc.close(descriptor)
    }

    /// Closes so that the other side sees a reset.
    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    func send(_ text: String) throws { try send([UInt8](text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.send(descriptor, buffer.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure(call: "send", code: errno) }
            sent += count
        }
    }

    /// Whether what was sent lies ready for the other side.
    var hasDelivered: Bool { Descriptor.hasDelivered(descriptor) }

    /// Up to `max` bytes; empty at the end of the connection.
    func receive(max: Int = 65_536) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: max)
        let count = recv(descriptor, &buffer, max, 0)
        guard count >= 0 else { throw Failure(call: "recv", code: errno) }
        return [UInt8](buffer[..<count])
    }

    /// Everything until the other side closes.
    func receiveAll() throws -> String {
        var all: [UInt8] = []
        while true {
            let piece = try receive()
            if piece.isEmpty { return String(decoding: all, as: UTF8.self) }
            all += piece
        }
    }

    /// Reads until `isEnough` holds for what has come.
    func receive(until isEnough: (String) -> Bool) throws -> String {
        var all: [UInt8] = []
        while true {
            let text = String(decoding: all, as: UTF8.self)
            if isEnough(text) { return text }
            let piece = try receive()
            if piece.isEmpty { return text }
            all += piece
        }
    }
}
