internal import Glibc

/// A system call that failed: its name and its `errno`.
package struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
    package let code: Int32
    package let call: StaticString

    package init(_ code: Int32, call: StaticString) {
        self.code = code
        self.call = call
    }

    package var description: String { "\(call): \(String(cString: strerror(code)))" }

    package static func == (left: SystemError, right: SystemError) -> Bool {
        left.code == right.code && left.call.description == right.call.description
    }

    /// Whether this machine lacked something for a connection to `address`, rather than the other side.
    ///
    /// `hasSource` is asked only where the answer depends on it.
    func isOwnShortage(
        connectingTo address: NetworkAddress, hasSource: (NetworkAddress) -> Bool = Socket.hasSource(for:)
    ) -> Bool {
        switch code {
        case EMFILE, ENFILE, ENOBUFS, ENOMEM: true
        // No port is left; but where this machine has no IPv6, each such address is answered so as well.
        case EADDRNOTAVAIL: address.isIPv4 || hasSource(address)
        default: false
        }
    }
}

/// The gate through which every system call goes whose failure is an error: repeats it when a signal interrupted it,
/// and turns a negative answer into a `SystemError`.
@discardableResult
func check(_ call: StaticString, _ body: () -> Int32) throws(SystemError) -> Int32 {
    while true {
        let answer = body()
        if answer >= 0 { return answer }
        let code = errno
        if code != EINTR { throw SystemError(code, call: call) }
    }
}

/// What a read or write on a non-blocking descriptor came to.
enum Transfer {
    case bytes(Int)
    case wouldBlock
    case failed(SystemError)

    /// The gate of reads and writes, as `check` is of the rest.
    static func attempt(_ call: StaticString, _ body: () -> Int) -> Transfer {
        while true {
            let answer = body()
            if answer >= 0 { return .bytes(answer) }
            let code = errno
            if code == EAGAIN || code == EWOULDBLOCK { return .wouldBlock }
            if code != EINTR { return .failed(SystemError(code, call: call)) }
        }
    }
}

extension SystemError {
    /// The connection is gone and the kernel keeps no reason any more.
    static let connectionReset = SystemError(ECONNRESET, call: "recv")
}
