/// A file's bytes without its byte order mark, in lines as libyaml counts them: what positions and splices are measured by.
struct EditText {
    let bytes: [UInt8]
    /// Where each line begins.
    private let lineStarts: [Int]
    /// Of the first line; LF where there is none.
    let lineBreak: [UInt8]
    /// The place found last, from which the next on its line is looked for: a line may hold a hundred thousand values.
    private var last = (line: 0, column: 1, offset: 0)

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        let lines = SourceText.lines(of: bytes)
        lineStarts = lines.map(\.startIndex)
        lineBreak = lines.count > 1 ? Array(bytes[lines[0].endIndex..<lines[1].startIndex]) : [UInt8(ascii: "\n")]
    }

    // MARK: Places

    /// The byte at a position; the end of the text for what lies beyond it.
    mutating func offset(of position: Position) -> Int {
        guard position.line <= lineStarts.count else { return bytes.count }
        if last.line != position.line || last.column > position.column {
            last = (position.line, 1, lineStarts[position.line - 1])
        }
        while last.column < position.column, last.offset < bytes.count {
            last.offset += 1
            while last.offset < bytes.count, bytes[last.offset] & 0xC0 == 0x80 { last.offset += 1 }
            last.column += 1
        }
        return last.offset
    }

    func position(of offset: Int) -> Position {
        let line = line(of: offset)
        let scalars = bytes[lineStarts[line]..<offset].count { $0 & 0xC0 != 0x80 }
        return Position(line: line + 1, column: scalars + 1)
    }

    /// Counted from 0.
    func line(of offset: Int) -> Int {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return low
    }

    func lineStart(of offset: Int) -> Int { lineStarts[line(of: offset)] }

    /// Just before the line's break.
    func lineEnd(of offset: Int) -> Int {
        bytes[offset...].firstIndex(where: Self.isBreak) ?? bytes.count
    }

    /// Behind the line's break; nil where the text ends without one.
    func nextLine(of offset: Int) -> Int? {
        let next = line(of: offset) + 1
        return next < lineStarts.count ? lineStarts[next] : nil
    }

    /// Bytes before it on its line: all of them spaces or dashes where a key or an item of a block begins.
    func column(of offset: Int) -> Int { offset - lineStart(of: offset) }

    /// Whether nothing but spaces stands before it on its line.
    func beginsLine(_ offset: Int) -> Bool {
        bytes[lineStart(of: offset)..<offset].allSatisfy { $0 == UInt8(ascii: " ") }
    }

    // MARK: What lies between values

    /// The first byte from there on that is no space, line break or comment.
    func skipTrivia(from start: Int) -> Int {
        var offset = start
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "#"): offset = lineEnd(of: offset)
            case let byte where Self.isBlank(byte) || Self.isBreak(byte): offset += 1
            default: return offset
            }
        }
        return offset
    }

    /// Whether a comment begins between two values.
    func hasComment(in range: Range<Int>) -> Bool { bytes[range].contains(UInt8(ascii: "#")) }

    func hasBreak(in range: Range<Int>) -> Bool { bytes[range].contains(where: Self.isBreak) }

    /// The place behind the last byte before it that is no space.
    func trimmed(before offset: Int) -> Int {
        (bytes[..<offset].lastIndex { !Self.isBlank($0) } ?? -1) + 1
    }

    subscript(offset: Int) -> UInt8? { bytes.indices.contains(offset) ? bytes[offset] : nil }

    static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    static func isBreak(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
}
