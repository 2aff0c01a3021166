/// Where a server listens.
package struct ListenAddress: Sendable {
    /// A literal IPv4 or IPv6 address, or `localhost`.
    package var host: String
    /// 0 lets the kernel choose; `Server.port` tells which.
    package var port: UInt16
    /// Whether other servers, one per loop, may share the port.
    package var reusePort: Bool

    package init(host: String, port: UInt16, reusePort: Bool = false) {
        self.host = host
        self.port = port
        self.reusePort = reusePort
    }

    /// Parses `host:port`, `[v6]:port` or `:port` (every address); nil when it is none of these.
    package init?(_ text: String, reusePort: Bool = false) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else { return nil }
        let host = String(text[..<colon])
        self.init(host: host.isEmpty ? "0.0.0.0" : host, port: port, reusePort: reusePort)
        if address == nil { return nil }
    }

    /// Throws when somebody listens here already, even one who would share the port.
    package func checkFree() throws {
        guard let address, port != 0 else { return }
        _ = try Socket.listening(on: address, sharing: false, backlog: 1)
    }

    var address: NetworkAddress? {
        NetworkAddress(literal: host == "localhost" ? "127.0.0.1" : host, port: port)
    }
}
