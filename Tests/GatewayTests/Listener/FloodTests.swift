import Glibc
import Simulator
import TestKit
import Testing

/// Connections that come and go, and descriptors that run out in earnest, against the gateway as a process.
@Suite struct FloodTests {
    private func metrics(_ admin: TestConnection) throws -> String {
        try admin.send("GET /metrics HTTP/1.1\r\nHost: t\r\n\r\n")
        return try admin.readOne().text
    }

    /// How often the listener has met an event.
    private func count(_ event: String, _ page: String) -> Int {
        let line = page.split(separator: "\n").first { $0.hasPrefix("charter_connection_events_total{event=\"\(event)\"} ") }
        return line.flatMap { $0.split(separator: " ").last }.flatMap { Int($0) } ?? 0
    }

    @Test func `five thousand connections that come and go cost nothing that lasts, and hold nobody up`() throws {
        let platform = try Platform([StandardConfiguration.keyPath: StandardConfiguration.key(spec: "  limits: [100000 requests/min]\n")], gateway: false)
        let gateway = try GatewayProgram(platform, ["--connections-per-client", "100000"])
        try gateway.awaitReady()
        let figures = ProcessFigures(pid: gateway.process.pid)
        // What is allocated once is there before it counts, such as each loop's journal: of so many connections both get some.
        try comeAndGo(gateway.port, times: 500)
        let first = SteadyLoad(port: gateway.port, clients: 2)
        try eventually(within: .seconds(20), "both loops have served") { first.served > 200 }
        #expect(try first.finish().failures == [])
        try eventually(within: .seconds(10), "the first are gone") { try connections(gateway) == 1 }
        // The pool keeps as many connections to the provider as were ever needed at once, on either of two loops, for two clients, twice.
        let kept = 2 * 2 * 2
        let descriptors = try figures.descriptors(besideConnectionsTo: platform.openai.port)
        let memory = try figures.residentBytes()
        let load = SteadyLoad(port: gateway.port, clients: 2)
        try inParallel(4) { _ in try comeAndGo(gateway.port, times: 1250) }
        try eventually(within: .seconds(5), "others are served") { load.served > 20 }
        #expect(try load.finish().failures == [])
        try eventually(within: .seconds(10), "all are gone") { try connections(gateway) == 1 }
        try eventually(within: .seconds(10), "no descriptor is left") {
            try figures.descriptors(besideConnectionsTo: platform.openai.port) <= descriptors + 2 && figures.descriptors() <= descriptors + 2 + kept
        }
        #expect(try figures.residentBytes() - memory < 16 << 20)
    }

    /// Connects and closes at once, every other time by a reset.
    private func comeAndGo(_ port: UInt16, times: Int) throws {
        for number in 0..<times {
            let connection = try TestConnection(port: port)
            if number.isMultiple(of: 2) { connection.reset() }
        }
    }

    /// Open connections to the gateway, among them the one that asks.
    private func connections(_ gateway: GatewayProgram) throws -> Int {
        let line = try gateway.client.get("/metrics", key: nil).text.split(separator: "\n").first { $0.hasPrefix("charter_connections ") }
        return line.flatMap { $0.split(separator: " ").last }.flatMap { Int($0) } ?? -1
    }

    @Test func `when the kernel has no descriptor left it waits without spinning, and goes on when there are some`() throws {
        let platform = try Platform(gateway: false)
        let adminPort = try freePort()
        let gateway = try GatewayProgram(platform, ["--admin", "127.0.0.1:\(adminPort)", "--connections-per-client", "100000"])
        try gateway.awaitReady()
        #expect(try gateway.client.chat().status == 200)
        // Open before, since whoever asks later waits with everybody.
        let admin = try TestConnection(port: adminPort)
        #expect(count("accept_failed", try metrics(admin)) == 0)
        let figures = ProcessFigures(pid: gateway.process.pid)
        // The gateway keeps some back of the limit that it began with; of this one it knows nothing.
        try limitDescriptors(gateway.process.pid, try figures.descriptors() + 8)
        var held = try (0..<64).map { _ in try TestConnection(port: gateway.port) }
        try eventually(within: .seconds(10), "the kernel refuses") { count("accept_failed", try metrics(admin)) > 0 }
        let begun = ContinuousClock.now
        let (ticks, failures) = (try figures.processorTicks(), count("accept_failed", try metrics(admin)))
        usleep(1_000_000)
        let (used, failed) = (try figures.processorTicks() - ticks, count("accept_failed", try metrics(admin)) - failures)
        let seconds = (ContinuousClock.now - begun) / .seconds(1)
        #expect(Double(used) < 40 * seconds, "it does not spin")
        // Two loops, each of which tries ten times a second.
        #expect(Double(failed) < 60 * seconds)
        held = []
        try eventually(within: .seconds(20), "it serves again: \(gateway.process.errors.suffix(2000))") { try gateway.client.chat().status == 200 }
        #expect(gateway.process.isRunning)
        withExtendedLifetime(held) {}
    }

    /// Lowers a running process's own limit (prlimit(1)).
    private func limitDescriptors(_ pid: Int32, _ count: Int) throws {
        let outcome = try Subprocess.run(["prlimit", "--pid", "\(pid)", "--nofile=\(count):"])
        try #require(outcome.code == 0, "\(outcome.errors)")
    }
}
