import Crypto
import HTTP
import Testing

@Suite struct TLSTests {
    private func request(_ port: UInt16, host: String = "localhost", body: String = "hello") -> OutboundRequest {
        OutboundRequest(
            method: .post, origin: Origin(scheme: .https, host: host, port: port), target: "/v1", body: [UInt8](body.utf8))
    }

    private func server(_ identity: TestIdentity) throws -> TestServer {
        try TestServer(identity: identity) { exchange, _ in
            exchange.collectBody(max: 64 << 20) { exchange.respond(ResponseHead(status: 200), bytes: $0) }
        }
    }

    @Test(arguments: ["localhost", "127.0.0.1"])
    func `trusts a good certificate for a name and for an address`(_ host: String) async throws {
        let identity = try TestIdentity.local.get()
        let server = try server(identity)
        let client = try TestClient(trust: .authorities(file: identity.authority))
        let first = try await client.send(request(server.port, host: host))
        #expect(first.failure == nil)
        #expect(first.text == "hello")
        let second = try await client.send(request(server.port, host: host, body: "again"))
        #expect(second.text == "again")
        #expect(second.wasReused)
    }

    @Test func `carries large bodies both ways`() async throws {
        let identity = try TestIdentity.local.get()
        let server = try server(identity)
        let client = try TestClient(trust: .authorities(file: identity.authority))
        var large = request(server.port)
        large.body = (0..<(3 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        #expect(try await client.send(large).body == large.body)
    }

    @Test func `refuses an authority that it does not trust`() async throws {
        let server = try server(TestIdentity.local.get())
        for trust in [TLSTrust.system, .authorities(file: try TestIdentity.foreign.get().authority)] {
            let failure = try await TestClient(trust: trust).send(request(server.port)).failure
            guard case .tls(let reason) = failure else {
                Issue.record("\(String(describing: failure))")
                continue
            }
            #expect(reason.contains("unable to get local issuer certificate"), "\(reason)")
        }
    }

    @Test(arguments: ["localhost", "127.0.0.1"])
    func `refuses a certificate of another host`(_ host: String) async throws {
        let identity = try TestIdentity.foreign.get()
        let server = try server(identity)
        let failure = try await TestClient(trust: .authorities(file: identity.authority)).send(request(server.port, host: host)).failure
        guard case .tls(let reason) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(reason.contains("mismatch"), "\(reason)")
    }

    @Test func `sends nothing of a request before the certificate is good`() async throws {
        let seen = Locked(0)
        let server = try TestServer(identity: TestIdentity.local.get()) { exchange, _ in
            seen.change { $0 += 1 }
            exchange.echo()
        }
        _ = try await TestClient(trust: .system).send(request(server.port))
        #expect(seen.value == 0)
    }

    @Test func `speaks no TLS with a plain server`() async throws {
        let server = try TestServer { exchange, _ in exchange.echo() }
        let failure = try await TestClient().send(request(server.port)).failure
        guard case .tls = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
    }

    @Test func `tells a client that speaks plain HTTP what to do instead`() throws {
        let server = try server(TestIdentity.local.get())
        let connection = try RawConnection(port: server.port)
        try connection.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n")
        let answer = try connection.receiveAll()
        #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
        #expect(answer.contains("ask for https"))
    }

    @Test func `closes on a client that speaks something else`() throws {
        let server = try server(TestIdentity.local.get())
        let connection = try RawConnection(port: server.port)
        try connection.send([0x00, 0x01, 0x02])
        #expect(((try? connection.receiveAll()) ?? "").isEmpty)
    }

    @Test func `gives up on a server that does not shake hands`() async throws {
        let server = try RawServer { peer, _ in _ = peer.waitForEnd() }
        var slow = request(server.port)
        slow.timeouts.connect = .milliseconds(100)
        #expect(try await TestClient().send(slow).failure == .timeout(.connect))
    }

    @Test func `streams pieces as they are written`() async throws {
        let identity = try TestIdentity.local.get()
        let server = try TestServer(identity: identity) { exchange, loop in
            exchange.begin(ResponseHead(status: 200))
            func write(_ index: Int) {
                guard index < 20 else { return exchange.end() }
                exchange.write([UInt8]("piece \(index)\n".utf8))
                loop.schedule(after: .milliseconds(1)) { write(index + 1) }
            }
            write(0)
        }
        let client = try TestClient(trust: .authorities(file: identity.authority))
        #expect(try await client.send(request(server.port)).text == (0..<20).map { "piece \($0)\n" }.joined())
    }
}

@Suite struct TLSSessionTests {
    private func pair() throws -> (client: TLSSession, server: TLSSession) {
        let identity = try TestIdentity.local.get()
        let client = try TLSSession(
            client: .client(trust: .authorities(file: identity.authority)), host: "localhost", isAddress: false)
        return (client, try TLSSession(server: .server(certificate: identity.certificate, key: identity.key)))
    }

    private func move(_ from: TLSSession, _ to: TLSSession) throws {
        var moved: [UInt8] = []
        from.takeOutgoing { moved += $0 }
        // Byte by byte: a network cuts where it likes.
        for byte in moved { try withUnsafeBytes(of: byte) { try to.receive($0) } }
    }

    private func shake(_ client: TLSSession, _ server: TLSSession) throws {
        for _ in 0..<4 {
            _ = try client.handshake()
            try move(client, server)
            _ = try server.handshake()
            try move(server, client)
        }
    }

    @Test func `speaks TLS 1.3 and tells the end from a truncation`() throws {
        let (client, server) = try pair()
        try shake(client, server)
        #expect(client.version == "TLSv1.3")
        try [UInt8]("hello".utf8).withUnsafeBytes { try client.write($0) }
        try move(client, server)
        #expect(try read(server) == "hello")
        #expect(try read(server) == "none")
        client.finish()
        try move(client, server)
        #expect(try read(server) == "end")
    }

    private func read(_ session: TLSSession) throws -> String {
        var buffer = [UInt8](repeating: 0, count: 100)
        return try buffer.withUnsafeMutableBytes { bytes in
            switch try session.read(into: bytes) {
            case .bytes(let count): String(decoding: bytes[..<count], as: UTF8.self)
            case .none: "none"
            case .end: "end"
            }
        }
    }

    @Test func `takes no altered record`() throws {
        let (client, server) = try pair()
        try shake(client, server)
        try [UInt8]("hello".utf8).withUnsafeBytes { try client.write($0) }
        var record: [UInt8] = []
        client.takeOutgoing { record += $0 }
        record[record.count - 1] ^= 1
        try record.withUnsafeBytes { try server.receive($0) }
        #expect(throws: TLSError.self) { try read(server) }
    }
}
