internal import Crypto
package import HTTP
package import Policy

/// A call as it came, without its connection; a value that may go to another thread.
package struct AdminRequest: Sendable {
    package var method: Method
    /// As it came, nothing decoded.
    package var path: String
    package var query: String?
    package var headers: Headers
    package var body: [UInt8]
    /// Where it came from; nil over a local socket, and where that cannot be told.
    package var address: ClientAddress?
    /// The process that asks over a local socket.
    package var process: SocketPeer?
    package var id: String
    /// Where it came from, for the log.
    package var origin: String?
    let received = ContinuousClock.now

    package init(
        method: Method, path: String, query: String? = nil, headers: Headers = [:], body: [UInt8] = [], address: ClientAddress? = nil,
        process: SocketPeer? = nil, id: String, origin: String? = nil
    ) {
        (self.method, self.path, self.query, self.headers, self.body) = (method, path, query, headers, body)
        (self.address, self.process, self.id, self.origin) = (address, process, id, origin)
    }

    static func freshID() -> String { SecureRandom.uuid() }

    /// The only value of a field; nil where there is none, or more than one.
    func field(_ name: String) -> String? {
        let values = headers.values(name)
        return values.count == 1 ? values[0] : nil
    }

    /// What `Authorization: Bearer` holds.
    package var credential: String? {
        guard let value = field("authorization"), value.lowercased().hasPrefix(Self.scheme) else { return nil }
        return String(value.dropFirst(Self.scheme.count))
    }

    private static let scheme = "bearer "
}
