import HTTP
import Testing

@Suite struct ClientTimeoutTests {
    private func request(_ server: RawServer, total: Duration) -> OutboundRequest {
        OutboundRequest(
            method: .post, origin: Origin(scheme: .http, host: "127.0.0.1", port: server.port), target: "/v1",
            timeouts: CallTimeouts(total: total))
    }

    @Test func `bounds an answer that keeps coming`() async throws {
        let ended = Locked(false)
        let server = try RawServer { peer, _ in
            _ = peer.receiveRequest()
            peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            while peer.send("1\r\na\r\n") { usleepMilliseconds(5) }
            ended.value = true
        }
        let outcome = try await TestClient().send(request(server, total: .seconds(1)))
        #expect(outcome.failure == .timeout(.total))
        #expect(!outcome.body.isEmpty)
        try await wait("the close") { ended.value }
    }

    @Test func `bounds a call that waits for a connection`() async throws {
        let server = try RawServer { peer, _ in _ = peer.waitForEnd() }
        let client = try TestClient(budget: ConnectionBudget(max: 1))
        let first = request(server, total: .seconds(60))
        client.run { client, _ in client.send(first, receiver: Collector { _ in }) }
        #expect(try await client.send(request(server, total: .milliseconds(50))).failure == .timeout(.total))
    }

    @Test func `is over with the answer`() async throws {
        let server = try RawServer { peer, _ in
            while peer.receiveRequest() != nil { peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") }
        }
        let client = try TestClient()
        #expect(try await client.send(request(server, total: .seconds(5))).text == "ok")
        try await Task.sleep(for: .milliseconds(5200))
        let second = try await client.send(request(server, total: .seconds(60)))
        #expect(second.text == "ok")
        #expect(second.wasReused)
    }
}
