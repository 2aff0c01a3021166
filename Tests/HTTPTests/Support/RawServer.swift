import Glibc
import TestKit

/// A listening socket whose connections do exactly what a test scripts, each on a thread of its own.
final class RawServer: Sendable {
    let port: UInt16
    private let listener: Int32
    let accepted = Locked(0)

    /// Runs `script` for each connection, with its number from 0; the connection closes when the script returns.
    init(_ script: @escaping @Sendable (RawPeer, Int) -> Void) throws {
        let listener: Int32
        (listener, port) = try LoopbackSocket.listen()
        self.listener = listener
        let accepted = accepted
        Thread.start {
            while true {
                let descriptor = accept(listener, nil, nil)
                // A program that a test starts would keep the connection open.
                _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
                guard descriptor >= 0 else {
                    // Only now: a number closed while this thread still uses it would soon be another server's.
                    close(listener)
                    return
                }
                let number = accepted.change { count in
                    count += 1
                    return count - 1
                }
                Thread.start { script(RawPeer(descriptor), number) }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
    }
}

/// The server's end of a scripted connection.
final class RawPeer {
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var isClosed = false

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        var timeout = timeval(tv_sec: 120, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close() }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        Glibc.close(descriptor)
    }

    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    @discardableResult
    func send(_ text: String) -> Bool { send(bytes: [UInt8](text.utf8)) }

    /// False when the other side takes no more.
    @discardableResult
    func send(bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.send(descriptor, buffer.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Whether what was sent lies ready for the other side.
    var hasDelivered: Bool { Descriptor.hasDelivered(descriptor) }

    /// Reads a head and as much body as it declares; nil when the connection ends before.
    func receiveRequest() -> String? {
        while true {
            if let end = buffer.firstRange(of: [UInt8]("\r\n\r\n".utf8))?.upperBound {
                let place = buffer[..<end].firstRange(of: [UInt8]("content-length: ".utf8))?.upperBound
                let digits = place.map { String(decoding: buffer[$0..<end].prefix { $0 != 13 }, as: UTF8.self) }
                let count = end + (digits.flatMap { Int($0) } ?? 0)
                if buffer.count >= count {
                    defer { buffer.removeFirst(count) }
                    return String(decoding: buffer[..<count], as: UTF8.self)
                }
            }
            guard receive() else { return nil }
        }
    }

    /// What has come behind the last request.
    var unread: String { String(decoding: buffer, as: UTF8.self) }

    /// Whether the other side closes, or resets, within the patience of a test.
    func waitForEnd() -> Bool {
        while receive() {}
        return errno != EAGAIN
    }

    private func receive() -> Bool {
        var piece = [UInt8](repeating: 0, count: 65_536)
        errno = 0
        let count = recv(descriptor, &piece, piece.count, 0)
        guard count > 0 else { return false }
        buffer += piece[..<count]
        return true
    }
}

private enum Thread {
    /// Runs `body` on a new thread, so that scripts that block take no thread from the tests.
    static func start(_ body: @escaping @Sendable () -> Void) {
        let argument = Unmanaged.passRetained(Box(body)).toOpaque()
        var thread = pthread_t()
        pthread_create(&thread, nil, { argument in
            if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
            return nil
        }, argument)
        pthread_detach(thread)
    }

    private final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}

/// Lets the other side act first where a script has nothing to wait for.
func usleepMilliseconds(_ milliseconds: UInt32) { usleep(milliseconds * 1000) }
