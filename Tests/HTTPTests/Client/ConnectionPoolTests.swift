import HTTP
import Testing

/// How connections are kept, bounded and given up.
@Suite struct ConnectionPoolTests {
    private static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    private func request(_ server: RawServer, _ method: Method = .post) -> OutboundRequest {
        OutboundRequest(
            method: method, origin: Origin(scheme: .http, host: "127.0.0.1", port: server.port), target: "/v1",
            body: method == .post ? [UInt8]("hello".utf8) : [])
    }

    /// Answers every request, and knows how many connections were open at once.
    private func countingServer(_ open: Locked<Int>, _ most: Locked<Int>, pause: UInt32 = 5) throws -> RawServer {
        try RawServer { peer, _ in
            let now = open.change { count in
                count += 1
                return count
            }
            most.change { $0 = max($0, now) }
            while peer.receiveRequest() != nil {
                usleepMilliseconds(pause)
                peer.send(Self.ok)
            }
            open.change { $0 -= 1 }
        }
    }

    private func sendMany(_ count: Int, _ client: TestClient, _ request: OutboundRequest) async throws -> [Outcome] {
        try await withThrowingTaskGroup(of: Outcome.self) { group in
            for _ in 0..<count { group.addTask { try await client.send(request) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test func `makes no more connections than it may, and the other calls wait their turn`() async throws {
        let (open, most) = (Locked(0), Locked(0))
        let server = try countingServer(open, most)
        let budget = ConnectionBudget(max: 3)
        let client = try TestClient(budget: budget)
        let outcomes = try await sendMany(40, client, request(server))
        #expect(outcomes.allSatisfy { $0.text == "ok" }, "\(outcomes.compactMap(\.failure))")
        #expect(most.value <= 3)
        #expect(server.accepted.value == 3)
        #expect(budget.used == 3)
    }

    @Test func `loops that share a bound get connections from each other`() async throws {
        let (open, most) = (Locked(0), Locked(0))
        let server = try countingServer(open, most)
        let budget = ConnectionBudget(max: 2)
        let first = try TestClient(budget: budget)
        let second = try TestClient(budget: budget)
        // The first takes all there are, and keeps them idle.
        #expect(try await sendMany(4, first, request(server)).allSatisfy { $0.text == "ok" })
        #expect(budget.used == 2)
        // The second gets one all the same, and both go on while both are busy.
        #expect(try await second.send(request(server)).text == "ok")
        async let left = sendMany(30, first, request(server))
        async let right = sendMany(30, second, request(server))
        let outcomes = try await left + right
        #expect(outcomes.allSatisfy { $0.text == "ok" }, "\(outcomes.compactMap(\.failure))")
        #expect(budget.used <= 2)
        // A closed connection may still be in the server's hands when the next comes.
        #expect(most.value <= 4)
    }

    @Test func `a call waits for a connection no longer than for connecting`() async throws {
        let server = try RawServer { peer, _ in _ = peer.waitForEnd() }
        let client = try TestClient(budget: ConnectionBudget(max: 1))
        let outbound = request(server)
        client.run { client, _ in client.send(outbound, receiver: Collector { _ in }) }
        var second = outbound
        second.timeouts.connect = .milliseconds(50)
        #expect(try await client.send(second).failure == .noConnectionFree)
        #expect(server.accepted.value <= 1)
    }

    @Test func `no more calls wait than may`() async throws {
        let server = try RawServer { peer, _ in _ = peer.waitForEnd() }
        var limits = ClientLimits()
        limits.waitingCallsMax = 2
        let client = try TestClient(limits: limits, budget: ConnectionBudget(max: 1))
        let outbound = request(server)
        for _ in 0..<3 { client.run { client, _ in client.send(outbound, receiver: Collector { _ in }) } }
        #expect(try await client.send(outbound).failure == .noConnectionFree)
    }

    @Test func `a call that is given up while it waits leaves the queue`() async throws {
        let server = try RawServer { peer, _ in _ = peer.waitForEnd() }
        let client = try TestClient(budget: ConnectionBudget(max: 1))
        let outbound = request(server)
        let waiting = Locked(-1)
        client.run { client, loop in
            client.send(outbound, receiver: Collector { _ in })
            let call = client.send(outbound, receiver: Collector { _ in Issue.record("a cancelled call was heard of") })
            #expect(client.waitingCallCount == 1)
            call.cancel()
            waiting.value = client.waitingCallCount
        }
        try await wait("the cancellation") { waiting.value >= 0 }
        #expect(waiting.value == 0)
    }

    @Test func `the place of a connection that could not be made is free again`() async throws {
        let port = try RawServer { _, _ in }.port
        let budget = ConnectionBudget(max: 1)
        let client = try TestClient(budget: budget)
        let outbound = OutboundRequest(
            method: .get, origin: Origin(scheme: .http, host: "127.0.0.1", port: port), target: "/")
        for _ in 0..<3 {
            guard case .connect = try await client.send(outbound).failure else {
                Issue.record("a connection was made")
                return
            }
        }
        #expect(budget.used == 0)
    }

    @Test func `uses a connection for so many requests and no more`() async throws {
        let server = try countingServer(Locked(0), Locked(0), pause: 0)
        var limits = ClientLimits()
        limits.requestsPerConnectionMax = 2
        let client = try TestClient(limits: limits)
        for _ in 0..<6 { #expect(try await client.send(request(server)).text == "ok") }
        #expect(server.accepted.value == 3)
    }

    @Test func `uses no connection that has grown old`() async throws {
        let server = try countingServer(Locked(0), Locked(0), pause: 0)
        var limits = ClientLimits()
        limits.connectionAgeMax = .milliseconds(40)
        let client = try TestClient(limits: limits)
        #expect(try await client.send(request(server)).text == "ok")
        try await Task.sleep(for: .milliseconds(60))
        // It may be used once more, as it was young when it came to rest; then it goes.
        for _ in 0..<3 { #expect(try await client.send(request(server)).text == "ok") }
        #expect(server.accepted.value >= 2)
    }

    @Test func `closes a connection that nobody needs`() async throws {
        let open = Locked(0)
        let server = try countingServer(open, Locked(0), pause: 0)
        var limits = ClientLimits()
        limits.idleConnectionTimeout = .milliseconds(30)
        let client = try TestClient(limits: limits)
        #expect(try await client.send(request(server)).text == "ok")
        try await wait("the close") { open.value == 0 }
    }

    @Test func `keeps nothing once it is retired`() async throws {
        let open = Locked(0)
        let server = try countingServer(open, Locked(0), pause: 0)
        let client = try TestClient()
        #expect(try await client.send(request(server)).text == "ok")
        client.run { client, _ in client.retire() }
        try await wait("the close") { open.value == 0 }
        #expect(try await client.send(request(server)).text == "ok")
        try await wait("the close") { open.value == 0 }
    }

    @Test func `takes no bytes for an answer that came before the request left`() async throws {
        let (isSending, hasCome) = (Locked(false), Locked(false))
        let server = try RawServer { peer, number in
            _ = peer.receiveRequest()
            peer.send(Self.ok)
            guard number == 0 else { return }
            while !isSending.value { usleepMilliseconds(1) }
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong")
            while !peer.hasDelivered { usleepMilliseconds(1) }
            hasCome.value = true
            _ = peer.waitForEnd()
        }
        let client = try TestClient()
        let outcome = Locked<Outcome?>(nil)
        let outbound = request(server)
        #expect(try await client.send(outbound).text == "ok")
        // The loop stands still while first the next call comes and then the bytes, so that they meet in one turn, in this order.
        let (isStill, goesOn) = (Locked(false), Locked(false))
        defer {
            isSending.value = true
            goesOn.value = true
        }
        client.run { _, _ in
            isStill.value = true
            while !goesOn.value { usleepMilliseconds(1) }
        }
        try await wait("the loop to stand still") { isStill.value }
        client.run { client, _ in client.send(outbound, receiver: Collector { outcome.value = $0 }) }
        isSending.value = true
        try await wait("the bytes") { hasCome.value }
        goesOn.value = true
        try await wait("the call's end") { outcome.value != nil }
        #expect(outcome.value?.text == "ok")
        #expect(outcome.value?.wasReused == false)
        #expect(server.accepted.value == 2)
    }

    @Test(arguments: [(Method.get, 2), (Method.post, 1)])
    func `sends again only what is idempotent, over another connection`(_ method: Method, _ times: Int) async throws {
        let seen = Locked(0)
        let server = try RawServer { peer, number in
            guard peer.receiveRequest() != nil else { return }
            peer.send(Self.ok)
            guard number == 0, peer.receiveRequest() != nil else { return }
            seen.change { $0 += 1 }
        }
        let client = try TestClient()
        #expect(try await client.send(request(server, method)).text == "ok")
        let outcome = try await client.send(request(server, method))
        #expect(seen.value == 1)
        #expect(server.accepted.value == times)
        #expect(outcome.failure == (method == .post ? .closedBeforeResponse : nil))
    }
}
