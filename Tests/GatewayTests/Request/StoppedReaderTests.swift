import Gateway
import Glibc
import HTTP
import Synchronization
import TestKit
import Testing

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
        // A stream is relayed as it comes; of a plain answer four mebibytes are kept, and then wait for the reader.
        let bound = Self.readers * (isStream ? 1 << 20 : 8 << 20) + (16 << 20)
        let stopped = try figures.residentBytes() - before
        #expect(stopped < bound, "\(stopped >> 20) MiB more")
        // One reads on, much more than any buffer holds.
        let reader = try #require(readers.first)
        while reader.receivedCount < 48 << 20 { try #require(try reader.receive()) }
        let after = try figures.residentBytes() - before
        #expect(after < bound, "\(after >> 20) MiB more")
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
