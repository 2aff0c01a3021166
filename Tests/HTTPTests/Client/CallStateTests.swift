@testable import HTTP
import Testing

/// What a call says of itself.
@Suite struct CallStateTests {
    private final class Watcher: ResponseReceiver {
        private let wasSent: Locked<Bool?>
        init(_ wasSent: Locked<Bool?>) { self.wasSent = wasSent }
        func received(head: ResponseHead, call: Call) {}
        func received(bytes: UnsafeRawBufferPointer, call: Call) {}
        func ended(call: Call) { wasSent.value = call.isSent }
        func failed(_ failure: CallFailure, call: Call) { wasSent.value = call.isSent }
    }

    @Test func `is not sent when the connection that took it had ended before a byte of it left`() async throws {
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
        mayConnect.value = false
        // The loop is busy while the connection ends and the next call comes, so that it hears of both in one turn.
        client.run { _, _ in
            isBlocked.value = true
            while !hasClosed.value { usleepMilliseconds(1) }
        }
        try await wait("the loop is busy") { isBlocked.value }
        let wasSent = Locked<Bool?>(nil)
        client.run { client, _ in client.send(request, receiver: Watcher(wasSent)) }
        mayClose.value = true
        try await wait("the call's end") { wasSent.value != nil }
        #expect(wasSent.value == false)
    }
}
