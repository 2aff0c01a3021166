import Crypto
import HTTP
import Testing

@Suite struct ProxyProtocolTests {
    private func server(_ networks: String..., identity: TestIdentity? = nil) throws -> TestServer {
        let prefixes = try networks.map { try #require(NetworkPrefix($0)) }
        return try TestServer({
            var options = ServerOptions()
            options.proxyProtocol = prefixes
            if let identity { options.tls = try .server(certificate: identity.certificate, key: identity.key) }
            options.limits.headTimeout = .milliseconds(500)
            return options
        }) { exchange, _ in exchange.respond(exchange.peer.description) }
    }

    private let request = "GET / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n"

    @Test(arguments: ["PROXY TCP4 192.0.2.9 192.0.2.1 4711 443\r\n", "PROXY TCP6 ::ffff:192.0.2.9 ::1 4711 443\r\n"])
    func `takes the client's address from a trusted proxy`(_ header: String) throws {
        let server = try server("127.0.0.0/8")
        let connection = try RawConnection(port: server.port)
        try connection.send(header + request)
        #expect(try connection.receiveAll().hasSuffix("\r\n\r\n192.0.2.9:4711"))
    }

    @Test func `takes it byte by byte and in the second version`() throws {
        let server = try server("127.0.0.0/8")
        let header: [UInt8] = [
            0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a, 0x21, 0x11, 0, 12, 192, 0, 2, 9, 192, 0, 2, 1,
            0x12, 0x67, 1, 187,
        ]
        let connection = try RawConnection(port: server.port)
        for byte in header + [UInt8](request.utf8) { try connection.send([byte]) }
        #expect(try connection.receiveAll().hasSuffix("\r\n\r\n192.0.2.9:4711"))
    }

    @Test func `keeps the proxy's own address for its health checks`() throws {
        let server = try server("127.0.0.0/8")
        let connection = try RawConnection(port: server.port)
        try connection.send("PROXY UNKNOWN\r\n" + request)
        #expect(try connection.receiveAll().contains("\r\n\r\n127.0.0.1:"))
    }

    @Test func `serves nobody of a trusted network without a header`() throws {
        let server = try server("127.0.0.0/8")
        let connection = try RawConnection(port: server.port)
        try connection.send(request)
        #expect(((try? connection.receiveAll()) ?? "").isEmpty)
    }

    @Test func `closes on a header that does not end in time`() throws {
        let server = try server("127.0.0.0/8")
        let connection = try RawConnection(port: server.port)
        try connection.send("PROXY TCP4 192.")
        #expect(((try? connection.receiveAll()) ?? "").isEmpty)
    }

    @Test func `believes no header of a stranger`() throws {
        let server = try server("10.0.0.0/8")
        let connection = try RawConnection(port: server.port)
        try connection.send("PROXY TCP4 192.0.2.9 192.0.2.1 4711 443\r\n" + request)
        #expect(try connection.receiveAll().hasPrefix("HTTP/1.1 400 "))
    }

    @Test func `tells plain HTTP behind a header from TLS`() throws {
        let server = try server("127.0.0.0/8", identity: TestIdentity.local.get())
        let connection = try RawConnection(port: server.port)
        try connection.send("PROXY TCP4 192.0.2.9 192.0.2.1 4711 443\r\n" + request)
        #expect(try connection.receiveAll().contains("ask for https"))
    }
}
