internal import Glibc

/// Finds the end of a head in a growing buffer, looking at each byte once.
///
/// Lines end with CR LF alone; a bare LF is a fault, since two readers that disagree about line ends can be made to see
/// two different messages (RFC 9112 §2.2 lets a recipient be lenient; we are not).
struct HeadScanner {
    /// Where the head begins, behind empty lines that a client may send first (RFC 9112 §2.2).
    private(set) var start = 0
    private var scanned = 0
    private var lineStart = 0

    private static let emptyLinesMax = 2

    /// The end of the head in `bytes`, which holds everything since the last message; nil when more must come.
    mutating func scan(
        _ bytes: UnsafeRawBufferPointer, firstLineMax: Int, headMax: Int
    ) throws(MessageFault) -> Int? {
        while let lineFeed = Self.lineFeed(in: bytes, from: scanned) {
            guard lineFeed > lineStart, bytes[lineFeed - 1] == Bytes.carriageReturn else {
                throw .badRequest("A line of the head does not end with CR LF.")
            }
            let lineCount = lineFeed - 1 - lineStart
            scanned = lineFeed + 1
            if lineCount == 0 {
                if lineStart > start { return try measured(scanned, headMax) }
                try skipEmptyLine()
            } else {
                if lineStart == start { try checkFirstLine(bytes, lineCount, firstLineMax) }
                lineStart = scanned
            }
        }
        scanned = bytes.count
        try checkUnfinished(bytes, firstLineMax, headMax)
        return nil
    }

    private func measured(_ end: Int, _ headMax: Int) throws(MessageFault) -> Int {
        if end - start > headMax { throw .headTooLarge }
        return end
    }

    private mutating func skipEmptyLine() throws(MessageFault) {
        start = scanned
        lineStart = scanned
        if start > 2 * Self.emptyLinesMax { throw .badRequest("Too many empty lines before the request.") }
    }

    private func checkUnfinished(
        _ bytes: UnsafeRawBufferPointer, _ firstLineMax: Int, _ headMax: Int
    ) throws(MessageFault) {
        guard start < bytes.count else { return }
        // One more than the line may have: its CR.
        if lineStart == start { try checkFirstLine(bytes, bytes.count - start - 1, firstLineMax) }
        if bytes.count - start > headMax { throw .headTooLarge }
    }

    private func checkFirstLine(
        _ bytes: UnsafeRawBufferPointer, _ count: Int, _ max: Int
    ) throws(MessageFault) {
        let first = bytes[start]
        // Nothing that is not HTTP, such as a TLS hello, gets to wait for a timeout.
        if !Bytes.isToken(first), first != Bytes.carriageReturn { throw .badRequest("This is not an HTTP request.") }
        if count > max { throw .targetTooLong }
    }

    private static func lineFeed(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard start < bytes.count, let base = bytes.baseAddress,
              let found = memchr(base + start, Int32(Bytes.lineFeed), bytes.count - start)
        else { return nil }
        return UnsafeRawPointer(found) - base
    }
}
