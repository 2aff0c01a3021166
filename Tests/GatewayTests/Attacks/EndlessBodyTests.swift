import Gateway
import Glibc
import TestKit
import Testing

/// Bodies that are longer than any memory.
@Suite struct EndlessBodyTests {
    private static let mebibyte = 1 << 20

    /// Sends chunks until the gateway takes no more or `max` bytes are gone; what it said.
    private static func pour(_ port: UInt16, key: String, size: String, max: Int) throws -> String {
        let connection = try TestConnection(port: port)
        try connection.send(
            "POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer \(key)\r\nTransfer-Encoding: chunked\r\n\r\n")
        let piece = [UInt8](repeating: UInt8(ascii: " "), count: 1 << 16)
        let frame = size.isEmpty ? Array("10000\r\n".utf8) + piece + Array("\r\n".utf8) : piece
        var sent = 0
        do {
            try connection.send(size)
            while sent < max {
                try connection.send(frame)
                sent += piece.count
            }
        } catch {}
        while (try? connection.receive()) == true {}
        return connection.receivedText
    }

    @Test func `a chunked body of 4 GB is refused at its limit, and memory stays flat`() throws {
        let platform = try Platform(gateway: false)
        let gateway = try GatewayProgram(platform)
        try gateway.awaitReady()
        #expect(try gateway.client.chat().status == 200)
        let figures = ProcessFigures(pid: gateway.process.pid)
        let before = try figures.residentBytes()
        // As one chunk that says so, as chunks without end, and by somebody without a key.
        for (key, size) in [(Platform.secret, "100000000\r\n"), (Platform.secret, ""), ("ck-unknown", "")] {
            let began = ContinuousClock.now
            let answers = try inParallel(2) { _ in try Self.pour(gateway.port, key: key, size: size, max: 4 << 30) }
            // What is still on its way when the connection is closed may make it end by a reset, which loses the answer.
            #expect(answers.allSatisfy { $0.isEmpty || $0.hasPrefix("HTTP/1.1 \(key == Platform.secret ? 413 : 401) ") }, "\(answers)")
            #expect(answers.contains { !$0.isEmpty })
            #expect(ContinuousClock.now - began < .seconds(30))
        }
        // Two bodies at the limit of 20 MiB, of 24 GiB that came.
        let grown = try figures.residentBytes() - before
        ProcessFigures.expect(grown: grown, below: 64 * Self.mebibyte)
        #expect(try gateway.client.chat().status == 200)
    }
}
