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

    @Test func `keeps nobody that it has given out`() {
        var queue = TurnQueue()
        weak var oldest: Named?
        do {
            let first = Named(0)
            oldest = first
            queue.append(first, at: start)
            for name in 1...2 * TurnQueue.turnMax { queue.append(Named(name), at: start + .milliseconds(name)) }
            #expect(queue.nextLate(start + TurnQueue.patience) != nil)
        }
        #expect(turn(&queue).count == TurnQueue.turnMax)
        #expect(turn(&queue).count == TurnQueue.turnMax)
        #expect(queue.isEmpty)
        #expect(oldest == nil)
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

    private final class Flood: Sendable {
        /// Requests begun since the flood came.
        let begun = Locked(0)
        /// The loop stands still in the requests that were begun as these.
        let holds = Locked<Set<Int>>([])
        let meter = ServerMeter()
    }

    /// Connections whose requests have all come, in this order; the loop stands still in the first that it has begun.
    private func flood(
        _ count: Int, waitsForTurns: Bool = true, patience: Duration = .seconds(600)
    ) throws -> (TestServer, [RawConnection], Flood) {
        let flood = Flood()
        let server = try TestServer({
            var options = ServerOptions()
            options.waitsForTurns = waitsForTurns
            options.meter = flood.meter
            options.limits.drainIdleTimeout = .zero
            return options
        }) { exchange, _ in
            let number = flood.begun.change { begun in
                begun += 1
                return begun
            }
            while flood.holds.value.contains(number) { usleep(1000) }
            exchange.respond("ok")
        }
        #expect(server.thread.remote.post { $0.turnPatience = patience })
        let connections = try (0...count).map { _ in try RawConnection(port: server.port) }
        for connection in connections {
            try connection.send(ask)
            _ = try connection.receive { $0.hasSuffix("ok") }
        }
        flood.begun.value = 0
        flood.holds.value = [1, 2]
        try connections[count].send(ask)
        try eventually(within: .seconds(10), "the loop stands still") { flood.begun.value == 1 }
        for connection in connections[..<count] { try connection.send(ask) }
        // The loop meets all of them in one turn.
        for connection in connections[..<count] { try eventually(within: .seconds(20), "the request is there") { connection.hasDelivered } }
        flood.holds.value = [2]
        try eventually(within: .seconds(10), "the first of the flood is begun") { flood.begun.value == 2 }
        return (server, Array(connections[..<count]), flood)
    }

    /// The different statuses that these get.
    private func answers(_ connections: ArraySlice<RawConnection>) throws -> Set<String> {
        try Set(connections.map { try String($0.receive { $0.hasSuffix("ok") }.prefix(12)) })
    }

    @Test func `does nothing for a client that has left while its request waited`() throws {
        let (server, connections, flood) = try flood(200)
        for connection in connections[..<100] { connection.close() }
        flood.holds.value = []
        #expect(try answers(connections[100...]) == ["HTTP/1.1 200"])
        try eventually(within: .seconds(20), "all who left are forgotten") { flood.meter.current[.gaveUp] == 100 }
        #expect(flood.begun.value == 101)
        _ = server
    }

    @Test func `tells those that have waited for too long, and serves them the next time`() throws {
        let (server, connections, flood) = try flood(TurnQueue.turnMax + 20, patience: TurnQueue.patience)
        usleep(UInt32(TurnQueue.patience / .microseconds(1)))
        flood.holds.value = []
        let answers = try connections.map { try $0.receive { $0.contains("\r\n\r\n") } }
        // The newest were begun in the first turn.
        #expect(answers[20...].allSatisfy { $0.hasPrefix("HTTP/1.1 200 ") })
        #expect(answers[..<20].allSatisfy { $0.hasPrefix("HTTP/1.1 503 ") && $0.contains("\r\nretry-after: 1\r\n") })
        #expect(flood.meter.current[.shed] == 20)
        try connections[0].send(ask)
        #expect(try connections[0].receive { $0.hasSuffix("ok") }.contains("HTTP/1.1 200 "))
        _ = server
    }

    @Test func `a server that drains serves those that wait for their turn`() throws {
        let (server, connections, flood) = try flood(4 * TurnQueue.turnMax)
        #expect(server.thread.remote.post { $0.kept(Server.self)?.drain(deadline: .seconds(60)) {} })
        flood.holds.value = []
        #expect(try answers(connections[...]) == ["HTTP/1.1 200"])
        #expect(flood.begun.value == 1 + connections.count)
    }

    @Test func `a server that is never to be kept waiting serves in order of arrival`() throws {
        let (server, connections, flood) = try flood(3 * TurnQueue.turnMax, waitsForTurns: false, patience: TurnQueue.patience)
        usleep(UInt32(TurnQueue.patience / .microseconds(1)))
        flood.holds.value = []
        #expect(try answers(connections[...]) == ["HTTP/1.1 200"])
        #expect(flood.meter.current[.shed] == nil)
        _ = server
    }

    @Test func `requests that came together wait for their turns like others, in their order`() throws {
        let flood = Flood()
        let server = try TestServer({
            var options = ServerOptions()
            options.meter = flood.meter
            return options
        }) { exchange, _ in exchange.respond(exchange.request.path) }
        #expect(server.thread.remote.post { $0.turnPatience = .seconds(600) })
        let many = try (0..<2 * TurnQueue.turnMax).map { _ in try RawConnection(port: server.port) }
        let pipeline = (0..<4).map { "GET /\($0) HTTP/1.1\r\nHost: t\r\n\($0 == 3 ? "Connection: close\r\n" : "")\r\n" }.joined()
        for connection in many { try connection.send(pipeline) }
        let bodies = try many.map { try $0.receiveAll().components(separatedBy: "\r\n\r\n").dropFirst().map { String($0.prefix(2)) } }
        #expect(Set(bodies) == [["/0", "/1", "/2", "/3"]])
    }
}
