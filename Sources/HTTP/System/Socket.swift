internal import CLinux
internal import Glibc

/// A non-blocking TCP socket, or one of this machine alone, that is closed when its owner lets go of it.
struct Socket: ~Copyable {
    private(set) var descriptor: Int32

    private init(owning descriptor: Int32) { self.descriptor = descriptor }

    deinit { if descriptor >= 0 { Glibc.close(descriptor) } }

    var isOpen: Bool { descriptor >= 0 }

    mutating func close() {
        guard descriptor >= 0 else { return }
        Glibc.close(descriptor)
        descriptor = -1
    }

    // MARK: making

    /// A socket that listens on `address`. With `sharing`, other sockets may listen on the same port and the kernel
    /// spreads connections over them (SO_REUSEPORT, socket(7)).
    static func listening(on address: NetworkAddress, sharing: Bool, backlog: Int32) throws(SystemError) -> Socket {
        let socket = try make(address)
        try socket.set(SOL_SOCKET, SO_REUSEADDR, 1)
        if sharing { try socket.set(SOL_SOCKET, SO_REUSEPORT, 1) }
        let descriptor = socket.descriptor
        try check("bind") { address.withSocketAddress { bind(descriptor, $0, $1) } }
        try check("listen") { listen(descriptor, backlog) }
        return socket
    }

    /// A socket that listens at a path of this machine, which this process's account alone may connect to (unix(7)). What a process
    /// left there that is gone is removed; throws where one still listens, or the path is too long for an address.
    static func listening(atPath path: String, backlog: Int32) throws(SystemError) -> Socket {
        guard path.utf8.count < LocalAddress.pathBytesMax else { throw SystemError(ENAMETOOLONG, call: "bind") }
        try removeLeftover(path)
        let socket = try local()
        let descriptor = socket.descriptor
        // The mode that the socket's file is made with, so that nobody else can connect before it is changed.
        try check("fchmod") { fchmod(descriptor, S_IRUSR | S_IWUSR) }
        try check("bind") { LocalAddress.withPath(path) { bind(descriptor, $0, $1) } }
        try check("listen") { listen(descriptor, backlog) }
        return socket
    }

    private static func removeLeftover(_ path: String) throws(SystemError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw SystemError(EEXIST, call: "bind") }
        let probe = try local()
        let descriptor = probe.descriptor
        let answer = LocalAddress.withPath(path) { connect(descriptor, $0, $1) }
        guard answer < 0, errno == ECONNREFUSED else { throw SystemError(EADDRINUSE, call: "bind") }
        try check("unlink") { unlink(path) }
    }

    private static func local() throws(SystemError) -> Socket {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        return Socket(owning: try check("socket") { Glibc.socket(AF_UNIX, type, 0) })
    }

    /// A listening socket that was made elsewhere. Throws when it does not listen for TCP connections.
    static func adoptListening(_ descriptor: Int32) throws(SystemError) -> Socket {
        let socket = Socket(owning: descriptor)
        guard socket.option(SO_ACCEPTCONN) == 1, socket.option(SO_TYPE) == Int32(SOCK_STREAM.rawValue), socket.localAddress != nil else {
            throw SystemError(ENOTSOCK, call: "listen")
        }
        let flags = try check("fcntl") { fcntl(descriptor, F_GETFL) }
        try check("fcntl") { fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) }
        try check("fcntl") { fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        return socket
    }

    /// A socket that has begun to connect to `address`; writable once it has.
    static func connecting(to address: NetworkAddress) throws(SystemError) -> Socket {
        let socket = try make(address)
        try? socket.set(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        let descriptor = socket.descriptor
        let answer = address.withSocketAddress { connect(descriptor, $0, $1) }
        if answer < 0, errno != EINPROGRESS, errno != EINTR { throw SystemError(errno, call: "connect") }
        return socket
    }

    /// The next connection waiting at a listening socket; nil when there is none.
    func accept() throws(SystemError) -> Accepted? {
        while true {
            var storage = sockaddr_storage()
            let accepted = accept(into: &storage)
            if accepted >= 0 { return Self.adopt(accepted, storage) }
            let code = errno
            if code == EAGAIN { return nil }
            // A connection that died while it waited is not our failure (accept(2), error handling).
            if code != EINTR, code != ECONNABORTED, code != EPROTO { throw SystemError(code, call: "accept4") }
        }
    }

    private func accept(into storage: inout sockaddr_storage) -> Int32 {
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        return withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { accept4(descriptor, $0, &length, flags) }
        }
    }

    private static func adopt(_ descriptor: Int32, _ storage: sockaddr_storage) -> Accepted? {
        let socket = Socket(owning: descriptor)
        if Int32(storage.ss_family) == AF_UNIX {
            // Whose process it is must be known: without that nothing tells it from anybody.
            guard let process = SocketPeer(of: descriptor) else { return nil }
            return Accepted(socket: socket, peer: .ofLocalSockets, process: process)
        }
        // A socket for both families shows IPv4 clients as IPv6.
        guard let peer = NetworkAddress(storage)?.unmapped else { return nil }
        try? socket.set(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        return Accepted(socket: socket, peer: peer, process: nil)
    }

    /// Whether this machine has an address to reach `address` from. Nothing is sent: a datagram socket that connects only looks for
    /// its way (udp(7)), and needs none of TCP's ports.
    static func hasSource(for address: NetworkAddress) -> Bool {
        guard let socket = try? make(address, SOCK_DGRAM) else { return false }
        let descriptor = socket.descriptor
        return address.withSocketAddress { connect(descriptor, $0, $1) } == 0
    }

    private static func make(_ address: NetworkAddress, _ kind: __socket_type = SOCK_STREAM) throws(SystemError) -> Socket {
        let family = address.isIPv4 ? AF_INET : AF_INET6
        let type = Int32(kind.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        return Socket(owning: try check("socket") { socket(family, type, 0) })
    }

    private func set(_ level: Int32, _ option: Int32, _ value: Int32) throws(SystemError) {
        var value = value
        try check("setsockopt") {
            setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
        }
    }

    /// Has a listening socket pass over new clients, while those that it has begun to let in still come in: what waits when
    /// it closes is reset, and who comes then is refused, as both should be told apart. False where the kernel does not allow it.
    func turnAwayNewcomers() -> Bool {
        var program = [
            sock_filter(code: UInt16(BPF_LD | BPF_B | BPF_ABS), jt: 0, jf: 0, k: TCPFlags.position),
            sock_filter(code: UInt16(BPF_JMP | BPF_JSET | BPF_K), jt: 0, jf: 1, k: TCPFlags.synchronize),
            sock_filter(code: UInt16(BPF_RET | BPF_K), jt: 0, jf: 0, k: 0),
            sock_filter(code: UInt16(BPF_RET | BPF_K), jt: 0, jf: 0, k: .max),
        ]
        return program.withUnsafeMutableBufferPointer { lines in
            var filter = sock_fprog(len: UInt16(lines.count), filter: lines.baseAddress)
            return setsockopt(
                descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &filter, socklen_t(MemoryLayout<sock_fprog>.size)) == 0
        }
    }

    /// In the header of a segment (RFC 9293 §3.1), which is what a filter of a TCP socket sees (socket(7), SO_ATTACH_FILTER).
    private enum TCPFlags {
        static let position: UInt32 = 13
        static let synchronize: UInt32 = 0x02
    }

    private func option(_ name: Int32) -> Int32? {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, name, &value, &length) == 0 ? value : nil
    }

    // MARK: use

    /// The address this socket is bound to.
    var localAddress: NetworkAddress? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let answer = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        return answer == 0 ? NetworkAddress(storage) : nil
    }

    /// The error that is waiting on the socket, such as why a connection could not be made; nil when there is none.
    func pendingError(call: StaticString) -> SystemError? {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        if getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length) < 0 { return SystemError(errno, call: call) }
        return code == 0 ? nil : SystemError(code, call: call)
    }

    func receive(into buffer: UnsafeMutableRawBufferPointer) -> Transfer {
        Transfer.attempt("recv") { recv(descriptor, buffer.baseAddress, buffer.count, 0) }
    }

    /// What `receive` would give, which stays where it is.
    func peek(into buffer: UnsafeMutableRawBufferPointer) -> Transfer {
        Transfer.attempt("recv") { recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_PEEK)) }
    }

    func send(_ bytes: UnsafeRawBufferPointer) -> Transfer {
        Transfer.attempt("send") { Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL)) }
    }

    /// Tells the other side that no more bytes will come.
    func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Makes `close` send a reset, so that the other side cannot take what it has for whole (SO_LINGER, socket(7)).
    func resetOnClose() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }
}

/// A connection that a listening socket handed out.
struct Accepted: ~Copyable {
    private let socket: Socket
    let peer: NetworkAddress
    /// The process that connected to a local socket.
    let process: SocketPeer?

    init(socket: consuming Socket, peer: NetworkAddress, process: SocketPeer?) {
        self.socket = socket
        self.peer = peer
        self.process = process
    }

    var descriptor: Int32 { socket.descriptor }

    consuming func takeSocket() -> Socket { socket }
}
