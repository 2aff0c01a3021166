import Glibc
@testable import HTTP
import TestKit
import Testing

/// What a server does that has more requests than it can serve.
@Suite struct BusyLoopTests {
    private let most = TurnQueue.turnMax

    private func expectServed(_ connections: some Sequence<RawConnection>) throws {
        for connection in connections { #expect(try connection.receive { $0.hasSuffix("ok") }.hasPrefix("HTTP/1.1 200 ")) }
    }

    private func outlast() { usleep(UInt32(TurnQueue.patience / .microseconds(1))) }

    @Test func `does nothing for a client that has left while its request waited`() throws {
        let flood = try Flood(200)
        try flood.come()
        for connection in flood.connections[..<100] { connection.close() }
        flood.goOn()
        try expectServed(flood.connections[100...])
        try eventually(within: .seconds(20), "all who left are forgotten") { flood.meter.current[.gaveUp] == 100 }
        #expect(flood.begun.count == 101)
    }

    @Test func `does nothing for a client that left with its request`() throws {
        let flood = try Flood(200)
        let leaving = try flood.idle(50)
        try flood.come()
        for connection in leaving {
            try connection.send(Flood.ask)
            connection.close()
        }
        flood.goOn()
        try expectServed(flood.connections)
        try eventually(within: .seconds(20), "all who left are forgotten") { flood.quota.count == 201 }
        #expect(flood.begun.count == 201)
        #expect(flood.meter.current[.gaveUp] == 50)
    }

    @Test func `who only closes waits for no turn, and has given up nothing`() throws {
        let flood = try Flood(200)
        let (leaving, later) = (try flood.idle(100), try flood.idle(most))
        try flood.come()
        for connection in leaving { connection.close() }
        try flood.ask(on: later)
        try flood.goOn(until: 1 + most + 1)
        #expect(flood.quota.count == 201 + most)
        flood.goOn()
        try expectServed(flood.connections + later)
        #expect(flood.meter.current[.gaveUp] == nil)
    }

    @Test func `the end of TLS and then of its connection is no giving up`() throws {
        let flood = try Flood(200)
        let identity = try TestIdentity.local.get()
        let leaving = try flood.secure(identity)
        let later = try flood.idle(most)
        try flood.come()
        try leaving.sayGoodbye()
        try flood.ask(on: later)
        try flood.goOn(until: 1 + most + 1)
        leaving.close()
        flood.goOn()
        try expectServed(flood.connections + later)
        #expect(flood.meter.current[.gaveUp] == nil)
        #expect(flood.meter.current[.handshakeFailed] == nil)
    }

    @Test func `who leaves while its handshake waits is not shaken hands with`() throws {
        let flood = try Flood(200)
        let identity = try TestIdentity.local.get()
        let port = try flood.secure(identity).port
        let leaving = try (0..<20).map { _ in try RawConnection(port: port) }
        let hello = try RawTLSConnection.firstBytes(trusting: identity)
        for connection in leaving { try connection.send([hello[0]]) }
        // Meanwhile the loop turns often enough to have seen that they speak TLS.
        let later = try flood.idle(most)
        try flood.come()
        for connection in leaving { try connection.send(Array(hello[1...])) }
        try flood.ask(on: later)
        try flood.goOn(until: 1 + most + 1)
        for connection in leaving { connection.close() }
        flood.goOn()
        try expectServed(flood.connections + later)
        try eventually(within: .seconds(20), "all who left are forgotten") { flood.meter.current[.gaveUp] == 20 }
        #expect(flood.meter.current[.handshake] == 1)
    }

    @Test func `tells those that have waited for too long, and serves them the next time`() throws {
        let flood = try Flood(most + 20, patience: TurnQueue.patience)
        try flood.come()
        outlast()
        flood.goOn()
        let answers = try flood.connections.map { try $0.receive { $0.contains("\r\n\r\n") } }
        // The newest were begun in the first turn.
        #expect(answers[20...].allSatisfy { $0.hasPrefix("HTTP/1.1 200 ") })
        #expect(answers[..<20].allSatisfy { $0.hasPrefix("HTTP/1.1 503 ") && $0.contains("\r\nretry-after: 1\r\n") })
        #expect(flood.meter.current[.shed] == 20)
        #expect(flood.meter.answers == [503: 20])
        try flood.connections[0].send(Flood.ask)
        #expect(try flood.connections[0].receive { $0.hasSuffix("ok") }.contains("HTTP/1.1 200 "))
    }

    @Test func `a head that came late and in part is not late when it is whole`() throws {
        let flood = try Flood(most + 20, patience: TurnQueue.patience)
        let half = "GET / HTTP/1.1\r\n"
        try flood.come { $0 == 0 ? half : Flood.ask }
        outlast()
        flood.goOn()
        #expect(try flood.connections[1].receive { $0.contains("\r\n\r\n") }.hasPrefix("HTTP/1.1 503 "))
        try flood.connections[0].send(String(Flood.ask.dropFirst(half.count)))
        #expect(try flood.connections[0].receive { $0.hasSuffix("ok") }.hasPrefix("HTTP/1.1 200 "))
        #expect(flood.meter.current[.shed] == 19)
    }

    @Test func `a server that drains serves those that wait for their turn`() throws {
        let flood = try Flood(4 * most)
        try flood.come()
        flood.drain()
        flood.goOn()
        try expectServed(flood.connections)
        #expect(flood.begun.count == 1 + flood.connections.count)
    }

    @Test func `a server that is never to keep anybody waiting serves in order of arrival`() throws {
        let flood = try Flood(3 * most, waitsForTurns: false, patience: TurnQueue.patience)
        try flood.come()
        outlast()
        flood.goOn()
        try expectServed(flood.connections)
        #expect(flood.meter.current[.shed] == nil)
    }

    @Test(arguments: [false, true])
    func `of requests that came together one is begun in a turn, in their order`(_ isSecure: Bool) throws {
        let flood = try Flood(6 * most)
        let secure = isSecure ? try flood.secure(TestIdentity.local.get()) : nil
        let plain = try flood.idle(1)[0]
        let requests = (0..<4).map { "GET /\($0) HTTP/1.1\r\nHost: localhost\r\n\($0 == 3 ? "Connection: close\r\n" : "")\r\n" }
        try flood.come()
        if let secure { try secure.send(requests) } else { try plain.send(requests.joined()) }
        flood.goOn()
        let answers = try secure?.receive { _ in false } ?? plain.receiveAll()
        #expect(answers.components(separatedBy: "\r\n\r\nok").count == 5, "\(answers)")
        let places = flood.begun.indices.filter { flood.begun[$0] != "/" }
        #expect(places.map { flood.begun[$0] } == ["/0", "/1", "/2", "/3"])
        let distances = zip(places, places.dropFirst()).map { $1 - $0 }
        #expect(distances.allSatisfy { $0 == most }, "\(places)")
        try expectServed(flood.connections)
    }

    @Test func `of requests that came together the rest are held while nothing more is read`() throws {
        let flood = try Flood(4 * most)
        let eager = try flood.idle(1)[0]
        try flood.come()
        let many = 2000
        try eager.send(String(repeating: "GET /eager HTTP/1.1\r\nHost: localhost\r\n\r\n", count: many))
        flood.goOn()
        try expectServed(flood.connections)
        // As many as one connection may have, with the one that was there before.
        let answers = try eager.receiveAll()
        #expect(answers.components(separatedBy: "\r\n\r\nok").count - 1 == HTTPLimits().requestsPerConnectionMax - 1)
    }
}
