@testable import HTTP
import Testing

/// What a call says of itself.
@Suite struct CallStateTests {
    private struct End: Equatable, Sendable {
        var wasSent: Bool
        var failure: CallFailure?
    }

    private final class Watcher: ResponseReceiver {
        private let end: Locked<End?>
        init(_ end: Locked<End?>) { self.end = end }
        func received(head: ResponseHead, call: Call) {}
        func received(bytes: UnsafeRawBufferPointer, call: Call) {}
        func ended(call: Call) { end.value = End(wasSent: call.isSent) }
        func failed(_ failure: CallFailure, call: Call) { end.value = End(wasSent: call.isSent, failure: failure) }
    }

    /// What becomes of a call that a kept connection takes which has ended by then, and how many connections there were in all.
    private func sendWhereKeptConnectionHasEnded(
        mayConnectAgain: Bool = true, _ change: @escaping @Sendable (Call) -> Void = { _ in }
    ) async throws -> (end: End?, connections: Int) {
        let (isBlocked, mayClose, hasClosed, mayConnect) = (Locked(false), Locked(false), Locked(false), Locked(true))
        let server = try RawServer { peer, _ in
            _ = peer.receiveRequest()
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            while !mayClose.value { usleepMilliseconds(1) }
            peer.close()
            hasClosed.value = true
        }
        let client = try TestClient(policy: { _ in mayConnect.value })
        let request = OutboundRequest(
            method: .post, origin: Origin(scheme: .http, host: "127.0.0.1", port: server.port), target: "/")
        #expect(try await client.send(request).text == "ok")
        mayConnect.value = mayConnectAgain
        // The loop is busy while the connection ends and the next call comes, so that it hears of both in one turn.
        client.run { _, _ in
            isBlocked.value = true
            while !hasClosed.value { usleepMilliseconds(1) }
        }
        try await wait("the loop is busy") { isBlocked.value }
        let end = Locked<End?>(nil)
        client.run { client, _ in change(client.send(request, receiver: Watcher(end))) }
        mayClose.value = true
        try await wait("the call's end") { end.value != nil }
        return (end.value, server.accepted.value)
    }

    @Test func `is not sent when the connection that took it had ended before a byte of it left`() async throws {
        let (end, connections) = try await sendWhereKeptConnectionHasEnded(mayConnectAgain: false)
        #expect(end?.wasSent == false)
        #expect(connections == 1)
    }

    @Test func `goes over a fresh connection where somebody waits for its answer, and else not`() async throws {
        let awaited = try await sendWhereKeptConnectionHasEnded()
        #expect(awaited.end == End(wasSent: true))
        #expect(awaited.connections == 2)
        let left = try await sendWhereKeptConnectionHasEnded { $0.mayStartOver = false }
        #expect(left.end == End(wasSent: false, failure: .closedBeforeResponse))
        #expect(left.connections == 1)
    }
}
