@testable import HTTP
import Testing

@Suite struct ConnectionQuotaTests {
    private func address(_ text: String) throws -> NetworkAddress { try #require(NetworkAddress(literal: text, port: 1)) }

    @Test func `counts an IPv4 address and an IPv6 network of 64 bits as one client`() throws {
        let quota = ConnectionQuota(connectionsMax: 100, perClientMax: 1)
        for text in ["192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8:0:1::1"] {
            guard case .success = quota.take(try address(text)) else {
                Issue.record("\(text) is refused")
                return
            }
        }
        for text in ["192.0.2.1", "2001:db8::2"] {
            guard case .failure(.clientFull) = quota.take(try address(text)) else {
                Issue.record("\(text) is taken")
                return
            }
        }
    }

    @Test func `gives a place back once`() throws {
        let quota = ConnectionQuota(connectionsMax: 1, perClientMax: 1)
        for _ in 0..<3 {
            guard case .success(let place) = quota.take(try address("192.0.2.1")) else {
                Issue.record("refused")
                return
            }
            guard case .failure(.full) = quota.take(try address("192.0.2.2")) else {
                Issue.record("taken")
                return
            }
            quota.release(place)
            #expect(quota.count == 0)
        }
    }

    @Test func `counts a proxy's connection for the client it speaks for`() throws {
        let quota = ConnectionQuota(connectionsMax: 100, perClientMax: 1, exempt: [try #require(NetworkPrefix("10.0.0.0/8"))])
        var places: [ConnectionPlace] = []
        for _ in 0..<3 { places.append(try quota.take(address("10.0.0.1")).get()) }
        #expect(try quota.take(address("192.0.2.1"), in: &places[0]))
        #expect(try !quota.take(address("192.0.2.1"), in: &places[1]))
        quota.release(places[0])
        #expect(try quota.take(address("192.0.2.1"), in: &places[1]))
    }

    @Test func `a client with too many connections is told so, and others are served`() throws {
        let server = try TestServer({
            var options = ServerOptions()
            options.quota = ConnectionQuota(connectionsMax: 2)
            return options
        }) { exchange, _ in exchange.respond("ok") }
        let held = try (0..<2).map { _ in try RawConnection(port: server.port) }
        for connection in held { try connection.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n") }
        for connection in held { #expect(try connection.receive { $0.hasSuffix("ok") }.hasPrefix("HTTP/1.1 200")) }
        let refused = try RawConnection(port: server.port).receiveAll()
        #expect(refused.hasPrefix("HTTP/1.1 503 "))
        #expect(refused.contains("\r\nretry-after: 1\r\n"))
        held[0].close()
        try eventuallyServed(server.port)
    }

    @Test func `a flood of refused connections is not answered for ever`() throws {
        let server = try TestServer({
            var options = ServerOptions()
            options.quota = ConnectionQuota(connectionsMax: 1)
            options.limits.refusalsMax = 2
            return options
        }) { exchange, _ in exchange.respond("ok") }
        let first = try RawConnection(port: server.port)
        try first.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n")
        _ = try first.receive { $0.hasSuffix("ok") }
        let flood = try (0..<6).map { _ in try RawConnection(port: server.port) }
        let answers = flood.map { (try? $0.receiveAll()) ?? "" }
        #expect(answers.contains { $0.hasPrefix("HTTP/1.1 503 ") })
        #expect(answers.contains(""))
    }

    private func eventuallyServed(_ port: UInt16) throws {
        for _ in 0..<100 {
            let connection = try RawConnection(port: port)
            try? connection.send("GET / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n")
            if let answer = try? connection.receiveAll(), answer.hasPrefix("HTTP/1.1 200") { return }
        }
        Issue.record("the place of a closed connection is not given to another")
    }
}

@Suite struct ListeningSocketTests {
    @Test func `loops that share a socket serve everybody`() throws {
        let listening = try ListeningSocket(ListenAddress(host: "127.0.0.1", port: 0))
        let shared = try ListeningSocket(adopting: dup(listening), isShared: true)
        let served = Locked<[Int]>([0, 0])
        let servers = try (0..<2).map { index in
            try TestServer({ ServerOptions() }, sockets: [shared]) { exchange, _ in
                served.change { $0[index] += 1 }
                exchange.respond("ok")
            }
        }
        for _ in 0..<200 {
            let connection = try RawConnection(port: servers[0].port)
            try connection.send("GET / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n")
            #expect(try connection.receiveAll().hasSuffix("ok"))
        }
        #expect(served.value.reduce(0, +) == 200)
    }

    @Test func `whoever waits to be accepted is served before a server stops listening`() async throws {
        let stopped = Locked(false)
        let server = try TestServer({ ServerOptions() }) { exchange, _ in exchange.respond("ok") }
        // The loop is held up while connections gather.
        let go = Locked(false)
        server.thread.remote.post { _ in while !go.value {} }
        let waiting = try (0..<20).map { _ in try RawConnection(port: server.port) }
        for connection in waiting { try connection.send("GET / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n") }
        server.thread.remote.post { loop in loop.kept(Server.self)?.drain(deadline: .seconds(10)) { stopped.value = true } }
        go.value = true
        for connection in waiting { #expect(try connection.receiveAll().hasSuffix("ok")) }
        try await wait("the drain") { stopped.value }
    }

    @Test func `takes over no descriptor that does not listen`() throws {
        #expect(throws: SystemError.self) { try ListeningSocket(adopting: 1_000_000, isShared: false) }
    }

    private func dup(_ socket: ListeningSocket) -> Int32 { Descriptor.duplicate(socket.descriptor) }
}
