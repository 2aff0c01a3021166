import CLinux
import Glibc

/// Sockets of 127.0.0.1, none of which ever blocks.
enum Loopback {
    private static func address(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }

    private static func with<R>(_ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
        var address = address(port)
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }

    private static func make() -> Int32 {
        let made = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        var yes: Int32 = 1
        setsockopt(made, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
        return made
    }

    /// A socket that connects; nil when there is no descriptor or no port left.
    static func connect(_ port: UInt16) -> Int32? {
        let made = make()
        guard made >= 0 else { return nil }
        if with(port, { Glibc.connect(made, $0, $1) }) == 0 || errno == EINPROGRESS { return made }
        close(made)
        return nil
    }

    static func listen(_ port: UInt16) throws -> Int32 {
        let made = make()
        var yes: Int32 = 1
        setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard with(port, { bind(made, $0, $1) }) == 0, Glibc.listen(made, 4096) == 0 else {
            throw LoadError(reason: "cannot listen on \(port): \(String(cString: strerror(errno)))")
        }
        return made
    }

    static func accept(_ listener: Int32) -> Int32? {
        let taken = accept4(listener, nil, nil, Int32(SOCK_NONBLOCK.rawValue))
        guard taken >= 0 else { return nil }
        var yes: Int32 = 1
        setsockopt(taken, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
        return taken
    }

    /// As many descriptors as this process may have.
    static func raiseLimits() {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
