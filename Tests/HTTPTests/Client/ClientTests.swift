import HTTP
import Testing

/// The client against upstreams that do exactly what a test scripts.
@Suite struct ClientTests {
    private func request(_ server: RawServer, _ method: Method = .post, body: String = "hello") -> OutboundRequest {
        OutboundRequest(
            method: method, origin: Origin(scheme: .http, host: "127.0.0.1", port: server.port), target: "/v1",
            body: [UInt8](body.utf8))
    }

    /// What a call comes to when the upstream answers `text` and closes.
    private func outcome(_ text: String, _ method: Method = .post) async throws -> Outcome {
        let server = try RawServer { peer, _ in
            _ = peer.receiveRequest()
            peer.send(text)
        }
        return try await TestClient().send(request(server, method))
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: foo\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: foo\r\n\r\n",
        "hello\r\n\r\n",
        "\u{16}\u{3}\u{1}",
        String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 20),
        "HTTP/1.1 200 OK\r\nA: " + String(repeating: "b", count: 70_000) + "\r\n\r\n",
        "HTTP/1.1 200 OK\r\n" + String(repeating: "A: b\r\n", count: 300) + "\r\n",
    ])
    func `takes no answer that breaks the rules`(_ text: String) async throws {
        let outcome = try await outcome(text)
        guard case .malformedResponse = outcome.failure else {
            Issue.record("\(String(describing: outcome.failure)), status \(String(describing: outcome.status))")
            return
        }
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
        "HTTP/1.1 200 OK\r\nContent-Le",
    ])
    func `knows a truncated answer`(_ text: String) async throws {
        #expect(try await outcome(text).failure == .truncated)
    }

    @Test func `knows a connection that closed before any answer`() async throws {
        #expect(try await outcome("").failure == .closedBeforeResponse)
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello"),
        ("HTTP/1.1 200 OK\r\n\r\nhello", "hello"),
        ("HTTP/1.0 200 OK\r\n\r\nhello", "hello"),
        ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            "hello"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nX-Sum: z\r\n\r\n", "hello"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\n\r\n", "hello"),
    ])
    func `takes each framing`(_ text: String, _ body: String) async throws {
        let outcome = try await outcome(text)
        #expect(outcome.failure == nil)
        #expect(outcome.text == body)
    }

    @Test func `takes no body for HEAD`() async throws {
        let outcome = try await outcome("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", .head)
        #expect(outcome.isEnded && outcome.body.isEmpty)
        #expect(outcome.headers["content-length"] == "5")
    }

    @Test func `writes a request that any server takes`() async throws {
        let seen = Locked("")
        let server = try RawServer { peer, _ in
            seen.value = peer.receiveRequest() ?? ""
            peer.send("HTTP/1.1 204 No Content\r\n\r\n")
        }
        var outbound = request(server)
        outbound.headers = [
            "Host": "evil", "Content-Length": "99", "Transfer-Encoding": "chunked", "Connection": "close",
            "A": "b\r\nc: d",
        ]
        _ = try await TestClient().send(outbound)
        #expect(seen.value == "POST /v1 HTTP/1.1\r\nhost: 127.0.0.1:\(server.port)\r\nA: b  c: d\r\ncontent-length: 5\r\n\r\nhello")
    }

    @Test(arguments: ["v1", "", "/a b", "/a\r\nb: c", "/é", "/#a"])
    func `sends no target that would break the request line`(_ target: String) async throws {
        let server = try RawServer { _, _ in }
        var outbound = request(server)
        outbound.target = target
        #expect(try await TestClient().send(outbound).failure == .invalidRequest)
        #expect(server.accepted.value == 0)
    }

    @Test func `does not use a connection again that said more than its answer`() async throws {
        let server = try RawServer { peer, _ in
            while peer.receiveRequest() != nil { peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokEXTRA") }
        }
        let client = try TestClient()
        for _ in 0..<2 {
            let outcome = try await client.send(request(server))
            #expect(outcome.text == "ok")
            #expect(!outcome.wasReused)
        }
        #expect(server.accepted.value == 2)
    }

    @Test func `does not use a connection again that spoke while idle`() async throws {
        let server = try RawServer { peer, _ in
            _ = peer.receiveRequest()
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            usleepMilliseconds(20)
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong")
            _ = peer.waitForEnd()
        }
        let client = try TestClient()
        #expect(try await client.send(request(server)).text == "ok")
        try await idle(client, 0)
        #expect(try await client.send(request(server)).text == "ok")
        #expect(server.accepted.value == 2)
    }

    /// Waits until the client keeps `count` idle connections.
    private func idle(_ client: TestClient, _ count: Int) async throws {
        let seen = Locked(-1)
        try await wait("\(count) idle connections") {
            client.run { client, _ in seen.value = client.idleConnectionCount }
            return seen.value == count
        }
    }

    @Test func `hands out no connection that died while idle`() async throws {
        let server = try RawServer { peer, _ in
            _ = peer.receiveRequest()
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        }
        let client = try TestClient()
        for _ in 0..<5 {
            let outcome = try await client.send(request(server))
            #expect(outcome.text == "ok")
            try await idle(client, 0)
        }
        #expect(server.accepted.value == 5)
    }

    @Test func `never sends a request twice`() async throws {
        let requests = Locked(0)
        let server = try RawServer { peer, _ in
            guard peer.receiveRequest() != nil else { return }
            requests.change { $0 += 1 }
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            // The second request over this connection is read, and never answered.
            guard peer.receiveRequest() != nil else { return }
            requests.change { $0 += 1 }
        }
        let client = try TestClient()
        #expect(try await client.send(request(server)).text == "ok")
        let second = try await client.send(request(server))
        #expect(second.failure == .closedBeforeResponse)
        #expect(second.wasReused)
        #expect(requests.value == 2)
    }

    @Test func `takes an answer that comes before the request is sent whole`() async throws {
        let server = try RawServer { peer, _ in
            peer.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig")
            usleepMilliseconds(50)
            peer.reset()
        }
        let client = try TestClient()
        let outcome = try await client.send(request(server, body: String(repeating: "a", count: 16 << 20)))
        #expect(outcome.status == 413)
        #expect(outcome.text == "big")
        #expect(outcome.isEnded)
        try await idle(client, 0)
    }

    @Test func `says when no connection can be made`() async throws {
        let port = try RawServer { _, _ in }.port
        var outbound = OutboundRequest(
            method: .get, origin: Origin(scheme: .http, host: "127.0.0.1", port: port), target: "/")
        outbound.timeouts.connect = .seconds(2)
        let failure = try await TestClient().send(outbound).failure
        #expect(failure == .connect("connect: Connection refused"))
    }

    @Test func `says when a name has no address`() async throws {
        var outbound = OutboundRequest(
            method: .get, origin: Origin(scheme: .http, host: "nowhere.invalid", port: 80), target: "/")
        // The system's resolver gives up on servers that do not answer only after several tries.
        outbound.timeouts.connect = .seconds(100)
        guard case .nameResolution = try await TestClient().send(outbound).failure else {
            Issue.record("the name was resolved")
            return
        }
    }

    @Test func `resolves a name`() async throws {
        let server = try TestServer { exchange, _ in exchange.echo() }
        let outbound = OutboundRequest(
            method: .get, origin: Origin(scheme: .http, host: "localhost", port: server.port), target: "/")
        #expect(try await TestClient().send(outbound).text == "GET / []")
    }

    @Test func `connects to no address that its policy forbids`() async throws {
        let server = try RawServer { _, _ in }
        let client = try TestClient(policy: { !$0.isPrivate })
        #expect(try await client.send(request(server)).failure == .addressRefused("127.0.0.1 is 127.0.0.1"))
        #expect(server.accepted.value == 0)
    }

    @Test func `gives up on a head that does not come`() async throws {
        let server = try RawServer { peer, _ in _ = peer.waitForEnd() }
        var outbound = request(server)
        outbound.timeouts.firstByte = .milliseconds(50)
        #expect(try await TestClient().send(outbound).failure == .timeout(.firstByte))
    }

    @Test func `gives up on a body that stalls`() async throws {
        let server = try RawServer { peer, _ in
            _ = peer.receiveRequest()
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")
            _ = peer.waitForEnd()
        }
        var outbound = request(server)
        outbound.timeouts.idle = .milliseconds(50)
        let outcome = try await TestClient().send(outbound)
        #expect(outcome.failure == .timeout(.idle))
        #expect(outcome.text == "hello")
    }

    @Test func `closes the connection of a call that is cancelled`() async throws {
        let ended = Locked(false)
        let server = try RawServer { peer, _ in
            _ = peer.receiveRequest()
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")
            ended.value = peer.waitForEnd()
        }
        let client = try TestClient()
        let outbound = request(server)
        client.run { client, loop in
            let call = client.send(outbound, receiver: Collector { _ in Issue.record("a cancelled call was heard of") })
            loop.schedule(after: .milliseconds(30)) { call.cancel() }
        }
        try await wait("the close") { ended.value }
    }

    @Test func `holds the upstream back while paused`() async throws {
        let sent = Locked(0)
        let total = 32 << 20
        let server = try RawServer { peer, _ in
            _ = peer.receiveRequest()
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n")
            let piece = String(repeating: "a", count: 1 << 16)
            while sent.value < total, peer.send(piece) { sent.change { $0 += 1 << 16 } }
            _ = peer.waitForEnd()
        }
        let received = Locked(0)
        let isPaused = Locked(false)
        let client = try TestClient()
        let outbound = request(server)
        client.run { client, loop in
            client.send(outbound, receiver: PausingReceiver(loop: loop, received: received, isPaused: isPaused))
        }
        try await wait("the pause") { isPaused.value }
        try await Task.sleep(for: .milliseconds(50))
        // What the kernel's buffers hold, and no more.
        #expect(sent.value < total / 2)
        isPaused.value = false
        try await wait("the whole body") { received.value == total }
    }
}

/// Pauses at the first piece until told to go on.
private final class PausingReceiver: ResponseReceiver {
    private let loop: EventLoop
    private let received: Locked<Int>
    private let isPaused: Locked<Bool>
    private var hasPaused = false

    init(loop: EventLoop, received: Locked<Int>, isPaused: Locked<Bool>) {
        self.loop = loop
        self.received = received
        self.isPaused = isPaused
    }

    func received(head: ResponseHead, call: Call) {}

    func received(bytes: UnsafeRawBufferPointer, call: Call) {
        received.change { $0 += bytes.count }
        guard !hasPaused else { return }
        hasPaused = true
        isPaused.value = true
        call.pause()
        goOnWhenTold(call)
    }

    private func goOnWhenTold(_ call: Call) {
        if isPaused.value {
            loop.schedule(after: .milliseconds(1)) { self.goOnWhenTold(call) }
        } else {
            call.resume()
        }
    }

    func ended(call: Call) {}
    func failed(_ failure: CallFailure, call: Call) { Issue.record("\(failure)") }
}
