import HTTP
import Testing

@Suite struct RoundTripTests {
    private func request(_ port: UInt16, _ method: Method = .post, body: String = "") -> OutboundRequest {
        OutboundRequest(
            method: method, origin: Origin(scheme: .http, host: "127.0.0.1", port: port), target: "/v1/echo?x=1",
            headers: ["content-type": "text/plain"], body: [UInt8](body.utf8))
    }

    @Test func `carries a body there and back`() async throws {
        let server = try TestServer { exchange, _ in exchange.echo() }
        let client = try TestClient()
        let outcome = try await client.send(request(server.port, body: "hello"))
        #expect(outcome.status == 200)
        #expect(outcome.text == "POST /v1/echo?x=1 [hello]")
        #expect(outcome.headers["content-type"] == "text/plain")
        #expect(outcome.headers["date"]?.hasSuffix(" GMT") == true)
    }

    @Test func `uses a connection again`() async throws {
        let server = try TestServer { exchange, _ in exchange.echo() }
        let client = try TestClient()
        let first = try await client.send(request(server.port, body: "one"))
        let second = try await client.send(request(server.port, body: "two"))
        #expect(!first.wasReused)
        #expect(second.wasReused)
        #expect(second.text == "POST /v1/echo?x=1 [two]")
    }

    @Test func `carries a large body in both directions`() async throws {
        let server = try TestServer { exchange, _ in
            exchange.collectBody(max: 8 << 20) { exchange.respond(ResponseHead(status: 200), bytes: $0) }
        }
        let client = try TestClient()
        var large = request(server.port)
        large.body = (0..<(4 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let outcome = try await client.send(large)
        #expect(outcome.body == large.body)
    }

    @Test func `streams an answer in chunks`() async throws {
        let server = try TestServer { exchange, loop in
            exchange.begin(ResponseHead(status: 200))
            exchange.write([UInt8]("one ".utf8))
            loop.schedule(after: .milliseconds(5)) {
                exchange.write([UInt8]("two".utf8))
                exchange.end()
            }
        }
        let client = try TestClient()
        let outcome = try await client.send(request(server.port, .get))
        #expect(outcome.isEnded)
        #expect(outcome.text == "one two")
    }
}
