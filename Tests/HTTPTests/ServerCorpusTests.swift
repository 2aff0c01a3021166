import HTTP
import TestKit
import Testing

/// The corpus over real sockets: what the server answers, what it takes for a request, and whether it closes.
///
/// Behind each case stands one good request more. After a refusal it must not be answered; after anything else it must, or
/// the server has lost its place in the bytes.
@Suite struct CorpusServerTests {
    private static let after = [UInt8]("GET /after HTTP/1.1\r\nHost: t\r\n\r\n".utf8)
    /// Connections open at a time, for the sake of small limits on descriptors.
    private static let batchMax = 64

    private let server: TestServer

    init() throws {
        server = try TestServer(limits: CorpusCase.limits) { exchange, _ in exchange.echo() }
    }

    @Test(arguments: Corpus.all)
    func `answers the same in one write`(_ item: CorpusCase) throws {
        try deliver(item, [[item.wire + Self.after]])
    }

    @Test(arguments: Corpus.all)
    func `answers the same byte by byte`(_ item: CorpusCase) throws {
        try deliver(item, [item.pieces + [Self.after]])
    }

    @Test(arguments: Corpus.all)
    func `answers the same in two writes cut at every place`(_ item: CorpusCase) throws {
        let cuts = item.halves.map { [$0[0], $0[1] + Self.after] }
        for start in stride(from: 0, to: cuts.count, by: Self.batchMax) {
            try deliver(item, [[[UInt8]]](cuts[start..<min(start + Self.batchMax, cuts.count)]))
        }
    }

    /// Sends each delivery on a connection of its own, all of them piece by piece in step. Between two pieces a question on
    /// one more connection is answered, by when the server's one thread has read the piece before.
    private func deliver(_ item: CorpusCase, _ deliveries: [[[UInt8]]]) throws {
        let barrier = try RawConnection(port: server.port)
        let connections = try deliveries.map { _ in try RawConnection(port: server.port) }
        for index in 0..<(deliveries.map(\.count).max() ?? 0) {
            if index > 0 { try pass(barrier) }
            for (connection, pieces) in zip(connections, deliveries) where index < pieces.count {
                // A server that has refused may have closed before the last piece.
                try? connection.send(pieces[index])
            }
        }
        for (connection, pieces) in zip(connections, deliveries) {
            let found = try answers(item, connection)
            connection.reset()
            guard found != expected(item) else { continue }
            Issue.record("in pieces of \(pieces.map(\.count).prefix(4)): \(found), not \(expected(item))")
            return
        }
    }

    private func pass(_ barrier: RawConnection) throws {
        try barrier.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n")
        _ = try barrier.receive { $0.hasSuffix("GET / []") }
    }

    private func isLast(_ item: CorpusCase) -> Bool { item.isRefused || item.closes }

    private func expected(_ item: CorpusCase) -> [String] {
        var expected = item.events.map { event in
            switch event {
            case .request(let text): text.hasPrefix("HEAD ") ? "200 " : "200 \(text)"
            case .refused(let status): "\(status) close"
            }
        }
        expected.append(isLast(item) ? "end" : "200 GET /after []")
        return expected
    }

    /// What came back. Of a connection that should go on, no more is waited for than is expected.
    private func answers(_ item: CorpusCase, _ connection: RawConnection) throws -> [String] {
        var reader = AnswerReader()
        reader.toHead = item.events.map { if case .request(let text) = $0 { text.hasPrefix("HEAD ") } else { false } }
        let count = isLast(item) ? Int.max : item.events.count + 1
        var isEnded = false
        while reader.answers.count < count, !isEnded {
            // A reset, in place of an end, is the kernel's answer to what came after the server had closed.
            guard let bytes = try? connection.receive() else { return shown(reader) + ["reset"] }
            isEnded = bytes.isEmpty
            reader.feed(bytes)
        }
        return shown(reader) + (reader.rest.isEmpty ? [] : ["rest \(reader.rest)"]) + (isEnded ? ["end"] : [])
    }

    private func shown(_ reader: AnswerReader) -> [String] {
        reader.answers.map { answer in
            answer.status == 200 ? "200 \(answer.body)" : "\(answer.status) \(answer.value("connection") ?? "open")"
        }
    }
}
