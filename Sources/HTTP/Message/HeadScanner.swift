internal import Glibc

/// Finds the end of a head in a growing buffer, looking at each byte once.
///
/// Lines end with CR LF alone; a bare LF is a fault, since two readers that disagree about line ends can be made to see
/// two different messages (RFC 9112 §2.2 lets a recipient be lenient; we are not). What is too long is a fault as soon as
/// it is, and before any other of the same line, so that the answer does not depend on how the bytes were cut on their way.
struct HeadScanner {
    /// Where the head begins, behind empty lines that a client may send first (RFC 9112 §2.2).
    private(set) var start = 0
    private var scanned = 0
    private var lineStart = 0

    /// The end of the head in `bytes`, which holds everything since the last message; nil when more must come.
    mutating func scan(_ bytes: UnsafeRawBufferPointer, _ limits: HeadLimits) throws(MessageFault) -> Int? {
        while let lineFeed = Self.lineFeed(in: bytes, from: scanned) {
            // The line without its CR, or without its last byte when it has none.
            let count = lineFeed - 1 - lineStart
            try check(bytes, count, end: lineFeed + 1, limits)
            guard count >= 0, bytes[lineFeed - 1] == Bytes.carriageReturn else {
                throw .badRequest("A line of the head does not end with CR LF.")
            }
            scanned = lineFeed + 1
            if count > 0 {
                lineStart = scanned
            } else if lineStart > start {
                return scanned
            } else {
                try skipEmptyLine(limits)
            }
        }
        scanned = bytes.count
        if lineStart < bytes.count { try check(bytes, bytes.count - lineStart - 1, end: bytes.count, limits) }
        return nil
    }

    private mutating func skipEmptyLine(_ limits: HeadLimits) throws(MessageFault) {
        start = scanned
        lineStart = scanned
        if start > 2 * limits.emptyLinesMax { throw .badRequest("There are too many empty lines before the message.") }
    }

    private func check(
        _ bytes: UnsafeRawBufferPointer, _ count: Int, end: Int, _ limits: HeadLimits
    ) throws(MessageFault) {
        if lineStart > start {
            if count > limits.lineMax { throw .headTooLarge }
        } else {
            let first = bytes[start]
            // Nothing that is not HTTP, such as a TLS hello, gets to wait for a timeout.
            if !Bytes.isToken(first), first != Bytes.carriageReturn { throw .badRequest("This is not HTTP.") }
            if count > limits.firstLineMax { throw .targetTooLong }
        }
        if end - start > limits.headMax { throw .headTooLarge }
    }

    private static func lineFeed(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard start < bytes.count, let base = bytes.baseAddress,
              let found = memchr(base + start, Int32(Bytes.lineFeed), bytes.count - start)
        else { return nil }
        return UnsafeRawPointer(found) - base
    }
}
