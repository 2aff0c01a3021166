import Glibc
@testable import HTTP
import TestKit
import Testing

@Suite struct TurnQueueTests {
    private final class Named: EventHandler {
        let name: Int
        init(_ name: Int) { self.name = name }
        func ready(_ readiness: Readiness) {}
    }

    private func turn(_ queue: inout TurnQueue) -> [Int] {
        queue.beginTurn()
        var names: [Int] = []
        while let next = queue.next() { names.append((next as? Named)?.name ?? -1) }
        return names
    }

    private let start = MonotonicInstant(nanoseconds: 0)

    @Test func `takes what a turn can hold in order of arrival`() {
        var queue = TurnQueue()
        for name in 0..<TurnQueue.turnMax { queue.append(Named(name), at: start) }
        #expect(turn(&queue) == Array(0..<TurnQueue.turnMax))
        #expect(queue.isEmpty)
        #expect(turn(&queue).isEmpty)
    }

    @Test func `takes what came last first when there is more`() {
        var queue = TurnQueue()
        let count = 3 * TurnQueue.turnMax
        for name in 0..<count { queue.append(Named(name), at: start) }
        #expect(turn(&queue) == (count - TurnQueue.turnMax..<count).reversed())
        queue.append(Named(count), at: start)
        #expect(turn(&queue).first == count)
        #expect(!queue.isEmpty)
        #expect(turn(&queue).count == TurnQueue.turnMax)
        #expect(turn(&queue) == [0])
    }

    @Test func `gives out who has waited for too long, the oldest first`() {
        var queue = TurnQueue()
        for name in 0..<500 { queue.append(Named(name), at: start + .milliseconds(name)) }
        let now = start + TurnQueue.patience + .milliseconds(200)
        var late: [Int] = []
        while let next = queue.nextLate(now) { late.append((next as? Named)?.name ?? -1) }
        #expect(late == Array(0...200))
        #expect(turn(&queue).first == 499)
    }
}

/// A server whose loop is kept busy, as one that has more requests than it can serve.
@Suite struct BusyLoopTests {
    private let ask = "GET / HTTP/1.1\r\nHost: t\r\n\r\n"

    /// Connections whose requests have all come while the loop was held up, in this order; every request takes `pause` of its time.
    private func flood(_ count: Int, pause: Duration) throws -> (TestServer, [RawConnection], Locked<Int>, ServerMeter) {
        let served = Locked(0)
        let meter = ServerMeter()
        let isHeld = Locked(true)
        let server = try TestServer({
            var options = ServerOptions()
            options.meter = meter
            return options
        }) { exchange, _ in
            if exchange.request.path == "/hold" {
                while isHeld.value { usleep(1000) }
            } else {
                served.change { $0 += 1 }
                usleep(UInt32(pause / .microseconds(1)))
            }
            exchange.respond("ok")
        }
        let connections = try (0..<count).map { _ in try RawConnection(port: server.port) }
        for connection in connections {
            try connection.send(ask)
            _ = try connection.receive { $0.hasSuffix("ok") }
        }
        served.value = 0
        let holder = try RawConnection(port: server.port)
        try holder.send("GET /hold HTTP/1.1\r\nHost: t\r\n\r\n")
        for connection in connections { try connection.send(ask) }
        isHeld.value = false
        return (server, connections, served, meter)
    }

    @Test func `does nothing for a client that has left while its request waited`() throws {
        let (server, connections, served, meter) = try flood(200, pause: .milliseconds(4))
        // The first turn takes a quarter of a second.
        for connection in connections[..<100] { connection.close() }
        for connection in connections[100...] { #expect(try connection.receive { $0.hasSuffix("ok") }.hasPrefix("HTTP/1.1 200 ")) }
        try eventually(within: .seconds(10), "all who left are forgotten") { meter.current[.gaveUp, default: 0] + served.value == 200 }
        #expect(meter.current[.gaveUp, default: 0] >= 30, "\(meter.current)")
        _ = server
    }

    @Test func `tells those that have waited for too long, and serves them the next time`() throws {
        let (server, connections, served, meter) = try flood(TurnQueue.turnMax + 20, pause: .milliseconds(40))
        let answers = try connections.map { try $0.receive { $0.contains("\r\n\r\n") } }
        let late = answers.count { $0.hasPrefix("HTTP/1.1 503 ") && $0.contains("\r\nretry-after: 1\r\n") }
        #expect(late > 0)
        #expect(late == meter.current[.shed])
        #expect(late + served.value == answers.count)
        let index = try #require(answers.firstIndex { $0.hasPrefix("HTTP/1.1 503 ") })
        try connections[index].send(ask)
        #expect(try connections[index].receive { $0.hasSuffix("ok") }.contains("HTTP/1.1 200 "))
        _ = server
    }
}
