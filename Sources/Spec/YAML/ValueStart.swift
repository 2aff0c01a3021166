/// Finds where a value itself begins whose token begins with an anchor or a tag.
///
/// It is asked in the order of the text, and keeps the line it looked at last: a line may hold a hundred thousand tags.
struct ValueStart {
    private let lines: [ArraySlice<UInt8>]
    private var line = 0
    private var scalars: [Unicode.Scalar] = []

    init(_ lines: [ArraySlice<UInt8>]) { self.lines = lines }

    /// `end` where there is nothing but an anchor or a tag.
    mutating func find(from start: Position, to end: Position) -> Position {
        var position = start
        while position.line <= end.line, lines.indices.contains(position.line - 1) {
            load(position.line)
            if let index = afterProperties(from: position.column - 1) {
                return min(Position(line: line, column: index + 1), end)
            }
            position = Position(line: position.line + 1, column: 1)
        }
        return end
    }

    /// The tag itself, which an anchor may stand before.
    mutating func findTag(from start: Position, to end: Position) -> Extent? {
        var position = start
        while position.line <= end.line, lines.indices.contains(position.line - 1) {
            load(position.line)
            if let index = scalars.indices.dropFirst(position.column - 1).first(where: { scalars[$0] == "!" }) {
                let length = scalars[index...].prefix { !" \t,[]{}".unicodeScalars.contains($0) }.count
                return Extent(position: Position(line: line, column: index + 1), length: length)
            }
            position = Position(line: position.line + 1, column: 1)
        }
        return nil
    }

    private mutating func load(_ number: Int) {
        guard number != line else { return }
        line = number
        scalars = Array(String(decoding: lines[number - 1], as: UTF8.self).unicodeScalars)
    }

    /// Nil where the rest of the line has nothing else but a comment.
    private func afterProperties(from start: Int) -> Int? {
        var index = start
        while index < scalars.count {
            switch scalars[index] {
            case " ", "\t": index += 1
            case "#": return nil
            case "!" where index + 1 < scalars.count && scalars[index + 1] == "<":
                index = (scalars[index...].firstIndex(of: ">") ?? scalars.count - 1) + 1
            case "&", "!":
                index = scalars[index...].firstIndex { " \t,[]{}".unicodeScalars.contains($0) } ?? scalars.count
            default: return index
            }
        }
        return nil
    }
}
