import Glibc
import HTTP
import Store
import TestKit
import Testing

@testable import Gateway

@Suite struct HandoverTests {
    private static let generous = StandardConfiguration.key(spec: "  limits: [1000000 requests/min]\n")

    @Test func `nobody is refused or cut off while one gateway takes another's place`() throws {
        let platform = try Platform([StandardConfiguration.keyPath: Self.generous], gateway: false)
        var old = try GatewayProgram(platform)
        try old.awaitReady()
        let load = SteadyLoad(port: old.port, clients: 6)
        for _ in 0..<3 {
            let before = load.served
            try eventually(within: .seconds(10), "requests are served") { load.served > before + 50 }
            let next = try GatewayProgram(platform, port: old.port, ["--take-over"])
            #expect(old.process.wait(within: .seconds(30)) == 0, "\(old.process.errors)")
            #expect(!next.logged("took over").isEmpty)
            old = next
        }
        let before = load.served
        try eventually(within: .seconds(10), "requests are served") { load.served > before + 50 }
        let outcome = try load.finish()
        #expect(outcome.failures == [], "\(outcome.failures.count) of \(outcome.served): \(outcome.failures.prefix(3))")
        old.process.kill(SIGTERM)
        #expect(old.process.wait(within: .seconds(20)) == 0)
        let rows = try platform.ledger(rows: outcome.served)
        #expect(rows.count == outcome.served, "every answer is booked once")
        #expect(!rows.contains { $0.isEstimated })
    }

    @Test func `a stream goes on in the old gateway and is booked by it`() throws {
        let platform = try Platform(gateway: false)
        let old = try GatewayProgram(platform)
        try old.awaitReady()
        let stream = try old.client.open(
            "POST", "/v1/chat/completions", body: #"{"model":"openai/gpt-4o","stream":true,"messages":[{"role":"user","content":"one"}]}"#,
            headers: ["x-simulate-pace": "100ms", "x-simulate-tokens": "100"])
        try stream.receive(until: "data: ")
        let next = try GatewayProgram(platform, port: old.port, ["--take-over"])
        try eventually(within: .seconds(20), "it took over: \(next.process.errors)") { !next.logged("took over").isEmpty }
        #expect(try next.client.chat().status == 200)
        #expect(old.process.isRunning)
        let answer = try stream.readAnswer()
        #expect(answer.isWhole)
        #expect(old.process.wait(within: .seconds(30)) == 0)
        let rows = try platform.ledger(rows: 2)
        #expect(rows.count == 2)
        #expect(!rows.contains { $0.isEstimated })
    }

    /// One that has asked `old` for its place and never gets ready, since its database, the socket, never answers.
    private static func followerWithoutDatabase(
        _ platform: Platform, _ old: GatewayProgram
    ) throws -> (GatewayProgram, ListeningSocket) {
        let silent = try ListeningSocket(ListenAddress(host: "127.0.0.1", port: 0))
        let next = try GatewayProgram(
            platform, port: old.port, ["--take-over", "--database", "postgresql://127.0.0.1:\(silent.address.port)/none"])
        try eventually(within: .seconds(10), "it asked") { !old.logged("another gateway is about to take over").isEmpty }
        return (next, silent)
    }

    @Test func `a gateway that dies before it serves leaves everything to the old one`() throws {
        let platform = try Platform(gateway: false)
        let old = try GatewayProgram(platform)
        try old.awaitReady()
        let (next, silent) = try Self.followerWithoutDatabase(platform, old)
        defer { withExtendedLifetime(silent) {} }
        next.process.kill(SIGKILL)
        try eventually(within: .seconds(5), "that was seen") {
            !old.logged("the gateway that was about to take over is gone; this one goes on").isEmpty
        }
        for _ in 0..<20 { #expect(try old.client.chat().status == 200) }
        // And a better one can still follow.
        let better = try GatewayProgram(platform, port: old.port, ["--take-over"])
        #expect(old.process.wait(within: .seconds(30)) == 0)
        #expect(try better.client.chat().status == 200)
    }

    @Test func `one that is stopped while another is about to follow leaves it sockets that work`() throws {
        let platform = try Platform(gateway: false)
        let old = try GatewayProgram(platform)
        try old.awaitReady()
        let stream = try old.client.open(
            "POST", "/v1/chat/completions", body: #"{"model":"openai/gpt-4o","stream":true,"messages":[{"role":"user","content":"one"}]}"#,
            headers: ["x-simulate-pace": "50ms", "x-simulate-tokens": "20"])
        try stream.receive(until: "data: ")
        let next = try GatewayProgram(platform, port: old.port, ["--take-over"])
        try eventually(within: .seconds(10), "it asked") { !old.logged("another gateway is about to take over").isEmpty }
        old.process.kill(SIGTERM)
        #expect(old.process.wait(within: .seconds(20)) == 0)
        try eventually(within: .seconds(30), "it took over: \(next.process.errors)") { !next.logged("took over").isEmpty }
        for _ in 0..<10 { #expect(try next.client.chat().status == 200) }
    }

    @Test func `a gateway of whose loops one does not accept relieves nobody`() throws {
        let platform = try Platform(gateway: false)
        let old = try GatewayProgram(platform)
        try old.awaitReady()
        var options = GatewayOptions(
            database: platform.database, listen: ListenAddress(host: "127.0.0.1", port: old.port),
            state: platform.folder.path + "/state", loops: 2)
        options.takesOver = true
        let next = try holdingBack(platform) {
            let next = try GatewayService(options, log: Log(descriptor: -1))
            // It cannot be ready yet, and will have one loop less when it is.
            next.threads[1].stop()
            next.threads[1].join()
            return next
        }
        try eventually(within: .seconds(30), "it gave up") { next.takeoverFault != nil }
        #expect(next.takeoverFault == "a loop has ended")
        #expect(!next.isServing)
        next.stop()
        #expect(old.process.isRunning)
        #expect(old.logged("another gateway has taken over").isEmpty)
        for _ in 0..<20 { #expect(try old.client.chat().status == 200) }
    }

    /// Runs `body` while no gateway can mint the epoch that it needs to get ready.
    private func holdingBack<Result>(_ platform: Platform, _ body: () throws -> Result) throws -> Result {
        try Connection(platform.database).transaction { transaction in
            _ = try transaction.query("LOCK TABLE charter.epoch IN ACCESS EXCLUSIVE MODE")
            return try body()
        }
    }

    @Test func `one that was to follow and is alone lets in who waits before it ends`() throws {
        let platform = try Platform(gateway: false)
        let old = try GatewayProgram(platform)
        try old.awaitReady()
        let (next, silent) = try Self.followerWithoutDatabase(platform, old)
        defer { withExtendedLifetime(silent) {} }
        old.process.kill(SIGKILL)
        _ = old.process.wait(within: .seconds(10))
        // In the queue of sockets that only the follower has now, and does not accept from yet.
        let waiting = try (0..<8).map { _ in try next.client.open("GET", "/healthz", body: nil) }
        next.process.kill(SIGTERM)
        for connection in waiting { #expect(try connection.readAnswer().status == 200) }
        #expect(next.process.wait(within: .seconds(20)) == 0, "\(next.process.errors)")
    }

    @Test func `what a killed gateway left is booked by the one that took its place`() throws {
        let platform = try Platform(gateway: false)
        let old = try GatewayProgram(platform)
        try old.awaitReady()
        let stream = try old.client.open(
            "POST", "/v1/chat/completions", body: #"{"model":"openai/gpt-4o","stream":true,"messages":[{"role":"user","content":"one"}]}"#,
            headers: ["x-simulate-pace": "1s", "x-simulate-tokens": "100"])
        try stream.receive(until: "data: ")
        let next = try GatewayProgram(platform, port: old.port, ["--take-over"])
        try eventually(within: .seconds(20), "it took over") { !next.logged("took over").isEmpty }
        #expect(old.process.isRunning)
        old.process.kill(SIGKILL)
        let rows = try platform.ledger(rows: 1)
        #expect(rows.map(\.isEstimated) == [true])
        #expect(try next.client.chat().status == 200)
    }

    @Test func `a signal starts the program anew in its own place`() throws {
        let platform = try Platform(gateway: false)
        let old = try GatewayProgram(platform)
        try old.awaitReady()
        old.process.kill(SIGUSR2)
        #expect(old.process.wait(within: .seconds(30)) == 0, "\(old.process.errors)")
        let line = try #require(old.logged("another gateway has taken over").first)
        let digits = try #require(line.split(separator: "\"process\":\"").last?.prefix { $0.isNumber })
        let successor = try #require(pid_t(digits))
        defer { kill(successor, SIGTERM) }
        #expect(try old.client.chat().status == 200)
    }

    @Test func `without a gateway to follow it starts as any other`() throws {
        let platform = try Platform(gateway: false)
        let gateway = try GatewayProgram(platform, ["--take-over"])
        try gateway.awaitReady()
        let second = try GatewayProgram(platform)
        #expect(second.process.wait(within: .seconds(10)) == 1)
        #expect(second.process.errors.contains("--take-over"))
    }

    @Test func `sockets of a service manager are used, and left to it`() throws {
        let platform = try Platform(gateway: false)
        let outer = try ListeningSocket(ListenAddress(host: "127.0.0.1", port: 0))
        var options = GatewayOptions(
            database: platform.database, listen: ListenAddress(host: "127.0.0.1", port: 1), state: platform.folder.path + "/state", loops: 3)
        options.inherited = [InheritedSocket(descriptor: dup(outer.descriptor), role: .data)]
        let service = try GatewayService(options, log: Log(descriptor: -1))
        #expect(service.port == outer.address.port)
        try eventually(within: .seconds(20), "the gateway is ready") { service.isReady }
        for _ in 0..<30 { #expect(try TestClient(port: service.port).chat().status == 200) }
        service.stop()
        // Nobody listens, and nobody is refused: the socket is the manager's.
        let waiting = try TestConnection(port: outer.address.port)
        try waiting.send("GET / HTTP/1.1\r\n")
    }

    @Test func `knows its sockets by their names`() {
        let environment = ["LISTEN_PID": "7", "LISTEN_FDS": "3", "LISTEN_FDNAMES": "web:admin:web"]
        let sockets = InheritedSocket.activated({ environment[$0] }, process: 7)
        #expect(sockets.map(\.descriptor) == [3, 4, 5])
        #expect(sockets.map(\.role) == [.data, .admin, .data])
        #expect(InheritedSocket.activated({ environment[$0] }, process: 8).isEmpty)
    }
}
