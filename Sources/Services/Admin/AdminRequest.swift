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

    /// What `Authorization: Bearer` or `X-API-Key` holds, of `Bearer app_<uid>:<secret>` the secret, or on a page, as browsers know nothing
    /// else, the password of `Basic`; nil where they name different ones.
    package var credential: String? {
        let named = headers.values("x-api-key")
        guard !headers.values("authorization").isEmpty else { return named.count == 1 ? named[0] : nil }
        guard let secret = bearer.map({ ApplicationCredential($0)?.secret ?? $0 }) ?? password else { return nil }
        return named.allSatisfy { $0 == secret } ? secret : nil
    }

    /// `Bearer app_<uid>:<secret>`, with the uid of the key or project that the secret is said to be of.
    var application: ApplicationCredential? { bearer.flatMap { ApplicationCredential($0) } }

    private var bearer: String? { field("authorization").flatMap { Self.rest(of: $0, behind: "bearer ") } }

    private var password: String? {
        guard isPage, let basic = field("authorization").flatMap({ Self.rest(of: $0, behind: "basic ") }),
            let bytes = Base64Text.bytes(Array(basic.utf8)), let pair = String(validating: bytes, as: UTF8.self),
            let colon = pair.firstIndex(of: ":")
        else { return nil }
        return String(pair[pair.index(after: colon)...])
    }

    /// Whether a browser is shown it. Such a path changes nothing, as a browser sends what it once learned with any link to it.
    var isPage: Bool { Self.isPage(path) }

    static func isPage(_ path: String) -> Bool { path.hasPrefix("/admin/") }

    private static func rest(of value: String, behind scheme: String) -> String? {
        value.lowercased().hasPrefix(scheme) ? String(value.dropFirst(scheme.count)) : nil
    }
}
