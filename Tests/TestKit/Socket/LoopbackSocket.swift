internal import Glibc

/// Sockets of TCP on 127.0.0.1, which are not handed on to programs that a test starts. Whoever asks for one closes it.
package enum LoopbackSocket {
    /// A connection to a port; reads and writes of it give up after `patience` seconds, with zero never.
    ///
    /// `receiveBuffer` bounds what the kernel takes for who does not read, and `source` is the last byte of our own address. Throws
    /// `SystemError`.
    package static func connect(to port: UInt16, patience: Int = 20, receiveBuffer: Int32? = nil, from source: UInt32? = nil) throws -> Int32 {
        try opened { descriptor in
            var timeout = timeval(tv_sec: patience, tv_usec: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
            setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
            if var size = receiveBuffer { setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size)) }
            if let source { try call("bind", address(0, host: source)) { bind(descriptor, $0, $1) } }
            try call("connect", address(port)) { Glibc.connect(descriptor, $0, $1) }
        }
    }

    /// One that listens, on a port that the kernel chooses. Throws `SystemError`.
    package static func listen(backlog: Int32 = 64) throws -> (descriptor: Int32, port: UInt16) {
        let descriptor = try opened { descriptor in
            try call("bind", address(0)) { bind(descriptor, $0, $1) }
            guard Glibc.listen(descriptor, backlog) == 0 else { throw SystemError(call: "listen", code: errno) }
        }
        return (descriptor, port(of: descriptor))
    }

    private static func opened(_ prepare: (Int32) throws -> Void) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SystemError(call: "socket", code: errno) }
        do { try prepare(descriptor) } catch {
            close(descriptor)
            throw error
        }
        return descriptor
    }

    private static func address(_ port: UInt16, host: UInt32 = 1) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = (0x7f00_0000 + host).bigEndian
        return address
    }

    private static func call(_ name: String, _ address: sockaddr_in, _ run: (UnsafePointer<sockaddr>, socklen_t) -> Int32) throws {
        let code = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { run($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard code == 0 else { throw SystemError(call: name, code: errno) }
    }

    private static func port(of descriptor: Int32) -> UInt16 {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        return UInt16(bigEndian: address.sin_port)
    }
}
