import Glibc
import HTTP
import Synchronization
import TestKit
import Testing

@testable import Gateway

/// What clients cost that ask for much and read nothing of it.
@Suite struct StoppedReaderTests {
    private static let readers = 8
    private static let answerBytes = 256 << 20
    /// What buffers of the kernel may take on both sides of the gateway, for one reader.
    private static let kernelBytes = 32 << 20

    /// Bytes that a provider could hand over, of all answers together.
    private final class Sent: Sendable { let bytes = Mutex(0) }

    @Test(arguments: [true, false])
    func `holds no more of a long answer than its buffers, however little its readers read`(_ isStream: Bool) throws {
        let sent = Sent()
        let provider = try ScriptedProvider { exchange, _, _ in Self.answer(exchange, isStream, sent) }
        let platform = try Platform(gateway: false, beside: {
            StandardConfiguration.providers(provider.port, $0, timeouts: "{ connect: 5s, firstByte: 60s, idle: 60s }")
        })
        let gateway = try GatewayProgram(platform)
        try gateway.awaitReady()
        let figures = ProcessFigures(pid: gateway.process.pid)
        let before = try figures.residentBytes()
        let body = #"{"model":"openai/gpt-4o","stream":\#(isStream),"messages":[{"role":"user","content":"one"}]}"#
        let readers = try (0..<Self.readers).map { _ in try gateway.client.open("POST", "/v1/chat/completions", body: body) }
        for reader in readers { #expect(try reader.receive()) }
        var last = -1
        try eventually(within: .seconds(60), "the provider is held back") {
            defer { last = sent.bytes.withLock { $0 } }
            usleep(300_000)
            return last == sent.bytes.withLock { $0 }
        }
        #expect(last < Self.readers * Self.kernelBytes, "\(last) bytes were taken of the provider")
        // A stream is relayed as it comes; of a plain answer four mebibytes are kept, and then wait for the reader, counted.
        let bound = Self.readers * (isStream ? 1 << 20 : 8 << 20) + (16 << 20)
        let stopped = try figures.residentBytes() - before
        ProcessFigures.expect(grown: stopped, below: bound)
        // One reads on, much more than any buffer holds.
        let reader = try #require(readers.first)
        while reader.receivedCount < 48 << 20 { try #require(try reader.receive()) }
        let after = try figures.residentBytes() - before
        ProcessFigures.expect(grown: after, below: bound)
    }

    private static func asking(_ client: TestClient) throws -> TestConnection {
        try client.open(
            "POST", "/v1/chat/completions", body: #"{"model":"openai/gpt-4o","messages":[{"role":"user","content":"one"}]}"#,
            receiveBuffer: 16_384)
    }

    /// A provider whose answers are kept whole.
    private static func keeping() throws -> ScriptedProvider {
        let answer = Array("{}".utf8) + [UInt8](repeating: 0x20, count: keptBytes)
        return try ScriptedProvider { exchange, _, _ in
            exchange.respond(ResponseHead(status: 200, headers: ["content-type": "application/json"]), body: answer)
        }
    }

    private static let keptBytes = 4_100_000

    @Test func `answers that wait for their readers are counted until those have taken them`() throws {
        let provider = try Self.keeping()
        let most = 18_000_000
        let platform = try Platform(
            beside: { StandardConfiguration.providers(provider.port, $0) }, configure: { $0.bodyBytesHeldMax = most })
        let bodies = try #require(platform.service?.shared.bodies)
        let client = TestClient(port: platform.port)
        var readers: [TestConnection] = []
        for count in 1...4 {
            readers.append(try Self.asking(client))
            try readers.last?.receive(until: "x-charter-cost-usd")
            #expect((count * Self.keptBytes..<count * (Self.keptBytes + 1000)).contains(bodies.bytes), "\(bodies.bytes)")
        }
        // For the fifth there is no room to wait for its end: what has come is passed on, and counts until it is taken.
        readers.append(try Self.asking(client))
        try readers.last?.receive(until: "\r\n\r\n")
        #expect(readers.last?.receivedText.contains("x-charter-cost-usd") == false)
        #expect((4 * Self.keptBytes...most).contains(bodies.bytes), "\(bodies.bytes)")
        #expect(try client.chat().status == 200, "what is short is answered on")
        while readers[0].receivedCount < Self.keptBytes { try #require(try readers[0].receive()) }
        try eventually(within: .seconds(10), "the first has taken its answer") { bodies.bytes <= most - Self.keptBytes }
        readers = []
        try eventually(within: .seconds(10), "nothing is held for who has gone") { bodies.bytes == 0 }
    }

    @Test func `readers that have stopped cannot take more memory than bodies may`() throws {
        let provider = try Self.keeping()
        let platform = try Platform(gateway: false, beside: {
            StandardConfiguration.providers(provider.port, $0, timeouts: "{ connect: 5s, firstByte: 60s, idle: 60s }")
        })
        let gateway = try GatewayProgram(platform, ["--body-memory", "20"])
        try gateway.awaitReady()
        let figures = ProcessFigures(pid: gateway.process.pid)
        let before = try figures.residentBytes()
        var readers: [TestConnection] = []
        for _ in 0..<40 {
            readers.append(try Self.asking(gateway.client))
            try readers.last?.receive(until: "\r\n\r\n")
        }
        let more = try figures.residentBytes() - before
        ProcessFigures.expect(grown: more, below: 64 << 20)
        #expect(readers.count == 40)
    }

    @Test func `a large answer whose client has left keeps no room while its end is awaited`() throws {
        let isLong = Mutex(false)
        let mayEnd = Mutex(false)
        let piece = [UInt8](repeating: 0x20, count: 64 << 10)
        let provider = try ScriptedProvider { exchange, _, loop in
            exchange.begin(ResponseHead(status: 200, headers: ["content-type": "application/json"]))
            var written = 0
            func fill() {
                guard isLong.withLock({ $0 }) || written == 0 else {
                    loop.schedule(after: .milliseconds(5)) { fill() }
                    return
                }
                while written < 6 << 20, exchange.isWritable {
                    exchange.write(piece)
                    written += piece.count
                }
                if written >= 6 << 20, mayEnd.withLock({ $0 }) { return exchange.end() }
                loop.schedule(after: .milliseconds(5)) { fill() }
            }
            fill()
        }
        let platform = try Platform(beside: { StandardConfiguration.providers(provider.port, $0) })
        let bodies = try #require(platform.service?.shared.bodies)
        var client: TestConnection? = try Self.asking(TestClient(port: platform.port))
        try eventually(within: .seconds(10), "the answer has begun") { bodies.bytes >= piece.count }
        #expect(client != nil)
        client?.reset()
        client = nil
        isLong.withLock { $0 = true }
        try eventually(within: .seconds(10), "nothing is held for who has gone") { bodies.bytes == 0 }
        let inFlight = try TestClient(port: platform.port).get("/metrics", key: nil).text
        #expect(inFlight.contains("charter_requests_in_flight 1\n"), "its end is awaited")
        mayEnd.withLock { $0 = true }
        #expect(try platform.ledger(rows: 1)[0].status == 499)
    }

    /// Writes whenever there is room.
    private static func answer(_ exchange: Exchange, _ isStream: Bool, _ sent: Sent) {
        let piece = isStream
            ? #"data: {"choices":[{"index":0,"delta":{"content":"\#(String(repeating: "a", count: 8000))"},"finish_reason":null}]}"# + "\n\n"
            : String(repeating: " ", count: 8000)
        let bytes = Array(piece.utf8)
        let left = Mutex(answerBytes)
        exchange.begin(ResponseHead(status: 200, headers: ["content-type": isStream ? "text/event-stream" : "application/json"]))
        func fill() {
            while exchange.isOpen, exchange.isWritable, left.withLock({ $0 }) > 0 {
                exchange.write(bytes)
                left.withLock { $0 -= bytes.count }
                sent.bytes.withLock { $0 += bytes.count }
            }
            if exchange.isOpen, left.withLock({ $0 }) <= 0 { exchange.end() }
        }
        exchange.onWritable = fill
        fill()
    }
}
