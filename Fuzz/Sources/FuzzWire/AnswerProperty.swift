internal import Driver

@testable internal import HTTP

/// Answers are read the same however they are cut. The first byte of an input chooses whether the request was a HEAD.
enum AnswerProperty {
    static func check(_ bytes: [UInt8]) {
        guard let first = bytes.first else { return }
        let outcome = Delivery.agreed(Array(bytes.dropFirst())) { read($0, isAnswerToHead: first & 1 == 1) }
        guard let status = outcome.statuses.last else { return }
        Fuzzing.require((100...599).contains(status), "a status that means something: \(status)")
        if first & 1 == 1 || status == 204 || status == 304 { Fuzzing.require(outcome.body.isEmpty, "no body") }
        checkFields(outcome.fields)
    }

    private struct Outcome: Equatable {
        var statuses: [Int] = []
        /// The final answer's, as `name: value`.
        var fields: [[UInt8]] = []
        var body: [UInt8] = []
        var isEnded = false
        var isRefused = false
    }

    /// What is passed on to a client can begin no line of its own.
    private static func checkFields(_ fields: [[UInt8]]) {
        for field in fields {
            Fuzzing.require(field.allSatisfy(Bytes.isFieldContent), "a field without controls: \(field)")
        }
    }

    private static func read(_ pieces: [[UInt8]], isAnswerToHead: Bool) -> Outcome {
        var reader = Reader(isAnswerToHead: isAnswerToHead)
        for piece in pieces { reader.feed(piece) }
        return reader.outcome
    }

    /// Reads as a connection does: interim answers, a head, its body.
    private struct Reader {
        let isAnswerToHead: Bool
        var outcome = Outcome()
        private let limits = ClientLimits()
        private var buffer: [UInt8] = []
        private var scanner = HeadScanner()
        private var body: BodyDecoder?

        init(isAnswerToHead: Bool) { self.isAnswerToHead = isAnswerToHead }

        mutating func feed(_ piece: [UInt8]) {
            guard !outcome.isEnded, !outcome.isRefused else { return }
            buffer += piece
            do {
                while try body == nil && takeHead() {}
                try takeBody()
            } catch {
                outcome.isRefused = true
            }
        }

        private mutating func takeHead() throws -> Bool {
            let bytes = buffer
            guard let end = try bytes.withUnsafeBytes({ try scanner.scan($0, limits.head) }) else { return false }
            let start = scanner.start
            let response = try bytes.withUnsafeBytes { all in
                try ParsedResponse.parse(
                    UnsafeRawBufferPointer(rebasing: all[start..<end]), headerCountMax: limits.headerCountMax,
                    isAnswerToHead: isAnswerToHead)
            }
            scanner = HeadScanner()
            buffer.removeFirst(end)
            outcome.statuses.append(response.head.status)
            guard response.head.status >= 200 else { return true }
            response.head.headers.forEach { outcome.fields.append(Array($0) + [0x3a, 0x20] + Array($1)) }
            body = BodyDecoder(response.framing, chunkOverheadMax: limits.chunkOverheadBytesMax)
            return false
        }

        private mutating func takeBody() throws {
            guard var decoder = body else { return }
            let bytes = buffer
            try bytes.withUnsafeBytes { all in
                var position = 0
                while !decoder.isEnded, position < all.count { outcome.body += all[try decoder.next(all, &position)] }
                // What is behind the answer belongs to nobody.
            }
            buffer = []
            body = decoder
            outcome.isEnded = decoder.isEnded
        }
    }
}
