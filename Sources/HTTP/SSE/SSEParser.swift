/// Cuts an event stream into its blocks (WHATWG HTML §9.2.6), however it was split on the way.
///
/// A block that lies whole in the bytes fed is handed over without a copy; only the rest is held. A block is handed over as
/// soon as its blank line is certain: of a CR that ends what was fed, a following LF goes with the next block's raw bytes.
package struct SSEParser {
    /// Chunks of large tool calls and inline audio reach some 100 KB; a stream without blank lines must not fill memory.
    package static let eventBytesMax = 1 << 20

    private let limit: Int
    /// The beginning of a block whose end has not been seen.
    private var held: [UInt8] = []
    private var block = SSEBlock()
    private var isFirstLine = true
    private var endedWithCarriageReturn = false

    package init(eventBytesMax: Int = SSEParser.eventBytesMax) { limit = eventBytesMax }

    /// Bytes of an unfinished block: at the stream's end they are no event (the standard drops them), but a relay may owe them.
    package var unfinished: [UInt8] { held }

    /// Takes the next bytes and hands over every block that ends in them. After an error the parser is not to be fed again.
    package mutating func feed(
        _ bytes: UnsafeRawBufferPointer, _ receive: (SSEEvent) -> Void
    ) throws(SSEError) {
        if bytes.isEmpty { return }
        if held.isEmpty {
            let consumed = cut(bytes, receive)
            held.append(contentsOf: bytes[consumed...])
        } else {
            var joined: [UInt8] = []
            swap(&joined, &held)
            joined.append(contentsOf: bytes)
            let consumed = joined.withUnsafeBytes { cut($0, receive) }
            if consumed > 0 { joined.removeFirst(consumed) }
            held = joined
        }
        if held.count > limit { throw .eventTooLarge(limit: limit) }
    }

    /// Hands over the blocks that are whole in `bytes`, which begin where the current block began, and tells how far they reach.
    private mutating func cut(_ bytes: UnsafeRawBufferPointer, _ receive: (SSEEvent) -> Void) -> Int {
        guard let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return 0 }
        var blockStart = 0
        while true {
            skipLineFeedOfCarriageReturn(start + blockStart, bytes.count - blockStart)
            guard let lineEnd = endOfLine(start + blockStart, bytes.count - blockStart) else { return blockStart }
            let isBlank = takeLine(start + blockStart, end: lineEnd)
            passLineEnd(start + blockStart, bytes.count - blockStart, at: lineEnd)
            guard isBlank else { continue }
            let raw = UnsafeRawBufferPointer(rebasing: bytes[blockStart..<(blockStart + block.lineStart)])
            block.handOver(raw, receive)
            blockStart += block.lineStart
            block = SSEBlock()
        }
    }

    /// A LF behind a CR that ended the last feed belongs to that CR.
    private mutating func skipLineFeedOfCarriageReturn(_ start: UnsafePointer<UInt8>, _ count: Int) {
        guard endedWithCarriageReturn, block.lineStart < count else { return }
        endedWithCarriageReturn = false
        if start[block.lineStart] == 0x0A {
            block.lineStart += 1
            block.scanned = block.lineStart
        }
    }

    private mutating func endOfLine(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int? {
        var index = block.scanned
        while index + 8 <= count {
            let word = ByteWord.load(start, at: index)
            let marks = ByteWord.matches(word, 0x0A) | ByteWord.matches(word, 0x0D)
            if marks != 0 { return index + ByteWord.lowest(marks) }
            index += 8
        }
        while index < count {
            if start[index] == 0x0A || start[index] == 0x0D { return index }
            index += 1
        }
        block.scanned = index
        return nil
    }

    /// Reads the field of the line that ends at `end`; tells whether the line is blank.
    private mutating func takeLine(_ start: UnsafePointer<UInt8>, end: Int) -> Bool {
        var lineStart = block.lineStart
        if isFirstLine {
            isFirstLine = false
            let hasMark = end - lineStart >= 3 && start[lineStart] == 0xEF && start[lineStart + 1] == 0xBB
            if hasMark && start[lineStart + 2] == 0xBF { lineStart += 3 }
        }
        if lineStart == end { return true }
        block.takeField(start, lineStart..<end)
        return false
    }

    private mutating func passLineEnd(_ start: UnsafePointer<UInt8>, _ count: Int, at end: Int) {
        var next = end + 1
        if start[end] == 0x0D {
            if next == count {
                endedWithCarriageReturn = true
            } else if start[next] == 0x0A {
                next += 1
            }
        }
        block.lineStart = next
        block.scanned = next
    }
}
