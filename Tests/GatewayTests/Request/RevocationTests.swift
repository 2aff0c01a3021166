import Foundation
import Gateway
import HTTP
import Spec
import Synchronization
import TestKit
import Testing

/// A key that ends while a request of it is under way.
@Suite struct RevocationTests {
    private static let body = #"{"model":"openai/gpt-4o","messages":[{"role":"user","content":"hi"}]}"#
    private static let head =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer \(Platform.secret)\r\nConnection: close\r\n"
        + "Content-Type: application/json\r\n"
    private static let revoked = [
        StandardConfiguration.keyPath: StandardConfiguration.key(spec: "").replacing(
            "secrets: [{ sha256: \(Platform.digest) }]", with: "secrets: []")
    ]
    private static let cutting = [StandardConfiguration.keyPath: StandardConfiguration.key(spec: "  whenRevoked: cut\n")]

    private func platform(_ provider: ScriptedProvider, _ files: [String: String] = [:]) throws -> Platform {
        try Platform(files, beside: { StandardConfiguration.providers(provider.port, $0, timeouts: "{ connect: 1s, firstByte: 60s, idle: 60s }") })
    }

    /// A provider whose first answer waits for `gate`; it begins a stream of one piece before that where `streams`.
    private func provider(_ gate: Gate, streams: Bool, _ end: @escaping @Sendable (Exchange) -> Void) throws -> ScriptedProvider {
        try ScriptedProvider { exchange, number, loop in
            guard number == 0 else { return exchange.answerChat() }
            if streams {
                exchange.beginStream()
                exchange.writePiece("a")
            }
            gate.reached()
            gate.wait(on: loop) { end(exchange) }
        }
    }

    /// A stream of which one piece has come.
    private func openStream(_ platform: Platform) throws -> TestConnection {
        let connection = try TestClient(port: platform.port).open(
            "POST", "/v1/chat/completions", body: Self.body.replacing(#""messages""#, with: #""stream":true,"messages""#))
        try connection.receive(until: #""content":"a""#)
        return connection
    }

    @Test func `a request whose body is still coming is refused when its key is revoked before the end`() throws {
        let provider = try ScriptedProvider { exchange, _, _ in exchange.answerChat() }
        let platform = try platform(provider)
        let connection = try TestConnection(port: platform.port)
        try connection.send(Self.head + "Content-Length: \(Self.body.utf8.count)\r\nExpect: 100-continue\r\n\r\n")
        try connection.receive(until: "100 Continue")
        try connection.send(String(Self.body.prefix(20)))
        try platform.apply(Self.revoked)
        try connection.send(String(Self.body.dropFirst(20)))
        try connection.receive(until: "invalid_api_key")
        #expect(connection.receivedText.contains("HTTP/1.1 401 "))
        #expect(connection.receivedText.lowercased().contains("x-charter-revision: 2"))
        #expect(provider.seen.isEmpty)
    }

    @Test func `rules that came with the body's end are those that count`() throws {
        let platform = try Platform()
        let connection = try TestConnection(port: platform.port)
        try connection.send(Self.head + "Content-Length: \(Self.body.utf8.count)\r\nExpect: 100-continue\r\n\r\n")
        try connection.receive(until: "100 Continue")
        try platform.apply([StandardConfiguration.keyPath: StandardConfiguration.key(spec: "  models: { deny: [openai/gpt-4o] }\n")])
        try connection.send(Self.body)
        try connection.receive(until: "model_not_allowed")
    }

    /// Asks a route with a fallback, whose first target refuses once `files` are in force.
    private func askWhereFirstAttemptFails(andMeanwhile files: [String: String]) throws -> (Platform, TestClient.Answer) {
        let gate = Gate()
        let provider = try provider(gate, streams: false) { $0.refuse(500) }
        let platform = try platform(provider, ["routes.yaml": StandardConfiguration.route("{ model: openai/gpt-4o }", fallback: "[groq/llama]")])
        let client = TestClient(port: platform.port)
        let asked = Background { try client.chat("assistant") }
        try gate.waitUntilReached()
        try platform.apply(files)
        gate.open()
        return (platform, try asked.value())
    }

    @Test func `no further attempt is made with a key that was revoked during the first`() throws {
        let (platform, answer) = try askWhereFirstAttemptFails(andMeanwhile: Self.revoked)
        #expect(answer.status == 401 && answer.json("error", "code") == "invalid_api_key", "\(answer.text)")
        #expect(answer.headers["x-charter-attempts"] == "1")
        #expect(try platform.outcomes(rows: 1) == ["failed: http 500"])
    }

    @Test func `a model that was taken from the key meanwhile is not tried`() throws {
        let (platform, answer) = try askWhereFirstAttemptFails(
            andMeanwhile: [StandardConfiguration.keyPath: StandardConfiguration.key(spec: "  models: { deny: [groq/llama] }\n")])
        #expect(answer.status == 502, "\(answer.text)")
        #expect(try platform.ledger(rows: 1).map(\.model) == ["openai/gpt-4o"])
    }

    /// The provider never ends its stream, so only the cut can.
    @Test(arguments: ["", "secrets: []", "suspend: { reason: stolen }"]) func `an open stream of a key that declares it is cut`(
        change: String
    ) throws {
        let gate = Gate()
        let provider = try provider(gate, streams: true) { $0.endStream() }
        let platform = try platform(provider, Self.cutting)
        let connection = try openStream(platform)
        let key = StandardConfiguration.key(spec: "  whenRevoked: cut\n")
        let opening = "secrets: [{ sha256: \(Platform.digest) }]"
        switch change {
        // Without the key itself there is nobody who says that it is cut.
        case "": try platform.apply([StandardConfiguration.keyPath: key.replacing("name: main", with: "name: other").replacing(Platform.digest, with: String(repeating: "0", count: 64))])
        case "secrets: []": try platform.apply([StandardConfiguration.keyPath: key.replacing(opening, with: change)])
        default: try platform.apply([StandardConfiguration.keyPath: key + "  \(change)\n"])
        }
        let enforced = ContinuousClock.now
        let answer = try connection.readAnswer()
        // A second is promised; a slow machine may take more.
        #expect(ContinuousClock.now - enforced < .seconds(10))
        #expect(answer.isWhole)
        #expect(answer.events.last?.contains(change.hasPrefix("suspend") ? #""code":"suspended""# : #""code":"invalid_api_key""#) == true, "\(answer.text)")
        let row = try #require(try platform.ledger(rows: 1).first)
        #expect(row.isEstimated && row.output == 1 && row.status == (change.hasPrefix("suspend") ? 403 : 401), "\(row)")
    }

    @Test func `a cut stream that is heard out for its usage is booked with its refusal`() throws {
        let gate = Gate()
        let provider = try provider(gate, streams: true) { $0.endStream() }
        let timeouts = "{ connect: 1s, firstByte: 60s, idle: 60s, drain: 1min }"
        let platform = try Platform(Self.cutting, beside: { StandardConfiguration.providers(provider.port, $0, timeouts: timeouts) })
        let connection = try openStream(platform)
        try platform.apply([StandardConfiguration.keyPath: StandardConfiguration.key(spec: "  whenRevoked: cut\n  suspend: { reason: stolen }\n")])
        #expect(try connection.readAnswer().events.last?.contains("suspended") == true)
        gate.open()
        let row = try #require(try platform.ledger(rows: 1).first)
        #expect(row.status == 403 && row.output == 2 && !row.isEstimated, "\(row)")
        #expect(try platform.outcomes(rows: 1) == ["failed: suspended"])
    }

    @Test func `what a commit that revokes a key says of its streams counts at once`() throws {
        let gate = Gate()
        let provider = try provider(gate, streams: true) { $0.endStream() }
        let platform = try platform(provider)
        let connection = try openStream(platform)
        try platform.apply([StandardConfiguration.keyPath: StandardConfiguration.key(spec: "  whenRevoked: cut\n  suspend: { reason: stolen }\n")])
        #expect(try connection.readAnswer().events.last?.contains("suspended") == true)
    }

    @Test func `an open stream is cut when its key expires`() throws {
        let gate = Gate()
        let provider = try provider(gate, streams: true) { $0.endStream() }
        let platform = try platform(provider, Self.cutting)
        let connection = try openStream(platform)
        let end = Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000) + 3000).rfc3339
        try platform.apply([StandardConfiguration.keyPath: StandardConfiguration.key(spec: "  whenRevoked: cut\n  expires: \(end)\n")])
        #expect(try connection.readAnswer().events.last?.contains("key_expired") == true)
    }

    @Test func `a stream of a revoked key comes to its end where nothing else is declared`() throws {
        let gate = Gate()
        let provider = try provider(gate, streams: true) { $0.endStream() }
        let platform = try platform(provider)
        let connection = try openStream(platform)
        try platform.apply(Self.revoked)
        gate.open()
        #expect(try connection.readAnswer().events.last == "[DONE]")
        #expect(try platform.ledger(rows: 1).map(\.status) == [200])
    }

    @Test func `a client that waits for a plain answer is refused at once, and the answer is billed as it is`() throws {
        let gate = Gate()
        let provider = try provider(gate, streams: false) { $0.answerChat() }
        let platform = try platform(provider, Self.cutting)
        let client = TestClient(port: platform.port)
        let asked = Background { try client.chat() }
        try gate.waitUntilReached()
        try platform.apply([StandardConfiguration.keyPath: StandardConfiguration.key(spec: "  whenRevoked: cut\n  suspend: { reason: stolen }\n")])
        let answer = try asked.value()
        #expect(answer.status == 403 && answer.json("error", "code") == "suspended", "\(answer.text)")
        gate.open()
        let row = try #require(try platform.ledger(rows: 1).first)
        #expect(row.status == 403 && row.input == 3 && row.output == 2 && !row.isEstimated, "\(row)")
    }
}

/// Holds a provider's answer until the test lets it go on.
private final class Gate: Sendable {
    private let isOpen = Atomic(false)
    private let isReached = Atomic(false)

    func open() { isOpen.store(true, ordering: .releasing) }
    func reached() { isReached.store(true, ordering: .releasing) }

    func wait(on loop: EventLoop, then action: @escaping () -> Void) {
        if isOpen.load(ordering: .acquiring) { return action() }
        loop.schedule(after: .milliseconds(5)) { [self] in wait(on: loop, then: action) }
    }

    func waitUntilReached() throws {
        try eventually(within: .seconds(20), "the provider is asked") { isReached.load(ordering: .acquiring) }
    }
}
