import Glibc
import HTTP
import Synchronization
import TestKit
import Testing

@testable import Gateway

@Suite struct StopTests {
    private static let generous = StandardConfiguration.key(spec: "  limits: [100000 requests/min]\n")

    private func slow(_ gateway: GatewayProgram, pace: String = "30ms", tokens: String = "40") throws -> TestConnection {
        try gateway.client.open(
            "POST", "/v1/chat/completions", body: #"{"model":"openai/gpt-4o","stream":true,"messages":[{"role":"user","content":"one"}]}"#,
            headers: ["x-simulate-pace": pace, "x-simulate-tokens": tokens])
    }

    @Test func `a stop fails nothing that was accepted, and ends with 0`() throws {
        let platform = try Platform([StandardConfiguration.keyPath: Self.generous], gateway: false)
        let gateway = try GatewayProgram(platform)
        try gateway.awaitReady()
        let streams = try (0..<50).map { _ in try slow(gateway) }
        for stream in streams { try stream.receive(until: "data: ") }
        let load = SteadyLoad(port: gateway.port, clients: 4)
        try eventually(within: .seconds(10), "requests are served") { load.served > 20 }
        gateway.process.kill(SIGTERM)
        for stream in streams {
            let answer = try stream.readAnswer()
            #expect(answer.isWhole)
            #expect(answer.events.last == "[DONE]")
        }
        #expect(gateway.process.wait(within: .seconds(20)) == 0)
        // Whoever came later was not let in; nobody who was let in was let down.
        let failures = try load.finish().failures.filter { !$0.contains("connect") }
        #expect(failures == [], "\(failures.prefix(3))")
        let rows = try platform.ledger(rows: 50)
        #expect(!rows.contains { $0.isEstimated })
    }

    @Test func `two hundred streams and a hundred requests a second are let down by no stop`() throws {
        let platform = try Platform([StandardConfiguration.keyPath: Self.generous], gateway: false)
        let admin = try freePort()
        let gateway = try GatewayProgram(platform, ["--admin", "127.0.0.1:\(admin)", "--drain-delay", "3", "--drain-timeout", "30"])
        try gateway.awaitReady()
        let endless = try slow(gateway, pace: "1s", tokens: "100")
        let streams = try (0..<200).map { _ in try slow(gateway, pace: "400ms", tokens: "20") }
        for stream in streams { try stream.receive(until: "data: ") }
        let load = SteadyLoad(port: gateway.port, clients: 10, every: .milliseconds(100))
        try eventually(within: .seconds(20), "requests are served") { load.served > 100 }
        let begun = ContinuousClock.now
        gateway.process.kill(SIGTERM)
        try eventually(within: .seconds(20), "it is no longer ready") { try TestClient(port: admin).get("/readyz", key: nil).status == 503 }
        #expect(try gateway.client.chat().status == 200, "others are served while balancers learn of it")
        for stream in streams {
            let answer = try stream.readAnswer()
            #expect(answer.isWhole)
            #expect(answer.events.last == "[DONE]")
        }
        // One that does not end by itself has its time, and no more.
        #expect(gateway.process.isRunning)
        #expect(gateway.process.wait(within: .seconds(60)) == 0)
        #expect(ContinuousClock.now - begun >= .seconds(33))
        let cut = try? endless.readAnswer()
        #expect(cut?.events.contains("[DONE]") != true)
        let failures = try load.finish().failures.filter { !$0.contains("connect") }
        #expect(failures == [], "\(failures.count): \(failures.prefix(3))")
    }

    @Test func `a second signal cuts what is under way`() throws {
        let platform = try Platform(gateway: false)
        let gateway = try GatewayProgram(platform)
        try gateway.awaitReady()
        let stream = try slow(gateway, pace: "1s", tokens: "100")
        try stream.receive(until: "data: ")
        gateway.process.kill(SIGTERM)
        try eventually(within: .seconds(5), "it is stopping") { !gateway.logged("stopping").isEmpty }
        #expect(gateway.process.isRunning)
        gateway.process.kill(SIGTERM)
        #expect(gateway.process.wait(within: .seconds(5)) == 0)
        #expect(((try? stream.readAnswer())?.isWhole ?? false) == false)
    }

    @Test func `readiness falls at once, and requests are served for as long as balancers need`() throws {
        let platform = try Platform(gateway: false)
        let admin = try freePort()
        let gateway = try GatewayProgram(platform, ["--drain-delay", "5", "--admin", "127.0.0.1:\(admin)"])
        try gateway.awaitReady()
        gateway.process.kill(SIGTERM)
        try eventually(within: .seconds(20), "it is no longer ready") { try TestClient(port: admin).get("/readyz", key: nil).status == 503 }
        // Served after that was seen, so that was before the end of the delay.
        #expect(try gateway.client.chat().status == 200)
        #expect(try TestClient(port: admin).get("/healthz", key: nil).status == 200)
        #expect(gateway.process.wait(within: .seconds(30)) == 0)
    }

    @Test func `a database that never answers holds a stop up no longer than told`() throws {
        let silent = try ListeningSocket(ListenAddress(host: "127.0.0.1", port: 0))
        let folder = try TemporaryDirectory()
        var options = GatewayOptions(
            database: "postgresql://127.0.0.1:\(silent.address.port)/none", listen: ListenAddress(host: "127.0.0.1", port: 0),
            state: folder.path, loops: 1)
        options.databasePatience = .milliseconds(500)
        let service = try GatewayService(options, log: Log(descriptor: -1))
        let begun = ContinuousClock.now
        service.stop()
        #expect(ContinuousClock.now - begun < .seconds(4))
    }

    @Test func `a loop that hangs holds a stop up no longer than told, and is named`() throws {
        let platform = try Platform(loops: 2, configure: {
            $0.drainDeadline = .milliseconds(100)
            $0.databasePatience = .milliseconds(500)
        })
        let service = try #require(platform.service)
        let isHeld = Mutex(true)
        let isBusy = Mutex(false)
        service.threads[1].remote.post { _ in
            isBusy.withLock { $0 = true }
            while isHeld.withLock({ $0 }) { Pause.take(.milliseconds(1)) }
        }
        defer {
            isHeld.withLock { $0 = false }
            service.threads[1].join()
        }
        try eventually(within: .seconds(20), "the loop hangs") { isBusy.withLock { $0 } }
        try Background { service.stop() }.value()
        #expect(platform.log.contains("loops hang"))
        #expect(platform.log.contains(#""loops":"1""#), "\(platform.log)")
    }

    @Test func `an idle connection that asks while a gateway stops is answered`() throws {
        let platform = try Platform(gateway: false)
        let gateway = try GatewayProgram(platform)
        try gateway.awaitReady()
        let idle = try TestConnection(port: gateway.port)
        try idle.send("GET /healthz HTTP/1.1\r\nHost: t\r\n\r\n")
        #expect(try idle.readOne().status == 200)
        gateway.process.kill(SIGTERM)
        try eventually(within: .seconds(5), "it is stopping") { !gateway.logged("stopping").isEmpty }
        // What is asked before the loop knows is answered as ever.
        var answer: TestClient.Answer
        repeat {
            try idle.send("GET /healthz HTTP/1.1\r\nHost: t\r\n\r\n")
            answer = try idle.readOne()
            #expect(answer.status == 200)
        } while answer.headers["connection"] != "close"
        #expect(gateway.process.wait(within: .seconds(10)) == 0)
    }
}
