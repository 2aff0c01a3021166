import TestKit
import Testing

/// The corpus through a proxy: its upstream sees exactly the requests that were accepted, however their bytes came.
///
/// Behind each case stands one good request more, which must not be seen after a refusal and must be after anything else.
@Suite struct ProxyCorpusTests {
    private static let after = [UInt8]("GET /after HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n".utf8)
    /// Connections open at a time, for the sake of small limits on descriptors.
    private static let batchMax = 64

    private let origin: LoggingOrigin
    private let proxy: TestProxy

    init() throws {
        origin = try LoggingOrigin()
        proxy = try TestProxy(to: origin.port, limits: CorpusCase.limits)
    }

    @Test(arguments: Corpus.all)
    func `shows an upstream exactly the requests that it accepted`(_ item: CorpusCase) throws {
        try deliver(item, [[item.wire + Self.after]])
    }

    @Test(arguments: Corpus.all)
    func `shows an upstream the same when they come byte by byte`(_ item: CorpusCase) throws {
        try deliver(item, [item.pieces + [Self.after]])
    }

    @Test(arguments: Corpus.all)
    func `shows an upstream the same when they come cut at every place`(_ item: CorpusCase) throws {
        let cuts = item.halves.map { [$0[0], $0[1] + Self.after] }
        for start in stride(from: 0, to: cuts.count, by: Self.batchMax) {
            try deliver(item, [[[UInt8]]](cuts[start..<min(start + Self.batchMax, cuts.count)]))
        }
    }

    /// Sends each delivery on a connection of its own, all of them piece by piece in step. Between two pieces a question on
    /// one more connection is answered, by when the proxy's one thread has read the piece before.
    private func deliver(_ item: CorpusCase, _ deliveries: [[[UInt8]]]) throws {
        let before = origin.requests.count
        let barrier = try RawConnection(port: proxy.port)
        let connections = try deliveries.map { _ in try RawConnection(port: proxy.port) }
        for index in 0..<(deliveries.map(\.count).max() ?? 0) {
            if index > 0 { try pass(barrier) }
            for (connection, pieces) in zip(connections, deliveries) where index < pieces.count {
                // A proxy that has refused may have closed before the last piece.
                try? connection.send(pieces[index])
            }
        }
        for connection in connections {
            let found = try statuses(connection)
            guard found != expectedStatuses(item) else { continue }
            Issue.record("answered \(found), not \(expectedStatuses(item))")
            return
        }
        let seen = origin.summary[before...].sorted()
        let expected = deliveries.flatMap { _ in expectedRequests(item) }.sorted()
        #expect(seen.elementsEqual(expected))
    }

    /// `OPTIONS *` is about the server that is asked: there is no target to send on, and the proxy answers by itself.
    private func pass(_ barrier: RawConnection) throws {
        try barrier.send("OPTIONS * HTTP/1.1\r\nHost: t\r\n\r\n")
        var reader = AnswerReader()
        while reader.answers.isEmpty {
            let bytes = try barrier.receive()
            try #require(!bytes.isEmpty)
            reader.feed(bytes)
        }
    }

    private func isForwarded(_ request: String) -> Bool { !request.hasPrefix("OPTIONS *") }

    private func isLast(_ item: CorpusCase) -> Bool { item.isRefused || item.closes }

    private func expectedRequests(_ item: CorpusCase) -> [String] {
        let requests = item.events.compactMap { if case .request(let text) = $0 { text } else { nil } }
        return requests.filter(isForwarded) + (isLast(item) ? [] : ["GET /after []"])
    }

    private func expectedStatuses(_ item: CorpusCase) -> [String] {
        let statuses = item.events.map { event in
            switch event {
            case .request(let text): isForwarded(text) ? "200" : "502"
            case .refused(let status): "\(status)"
            }
        }
        return statuses + (isLast(item) ? [] : ["200"])
    }

    /// What was answered until the end, but for interim answers.
    private func statuses(_ connection: RawConnection) throws -> [String] {
        let text = try connection.receiveAll()
        connection.reset()
        return text.components(separatedBy: "HTTP/1.1 ").dropFirst().map { String($0.prefix(3)) }.filter { $0 != "100" }
    }
}
