/// A position in a text; line and column count from 1, the column in Unicode scalars.
///
/// Half as wide as `Int`: every field of every resource has one.
package struct Position: Hashable, Sendable, Comparable {
    private var lineNumber: Int32
    private var columnNumber: Int32

    package init(line: Int, column: Int) {
        lineNumber = Int32(clamping: line)
        columnNumber = Int32(clamping: column)
    }

    package var line: Int {
        get { Int(lineNumber) }
        set { lineNumber = Int32(clamping: newValue) }
    }

    package var column: Int {
        get { Int(columnNumber) }
        set { columnNumber = Int32(clamping: newValue) }
    }

    package static func < (a: Position, b: Position) -> Bool { (a.line, a.column) < (b.line, b.column) }
}

/// A position in a named file of the repository.
package struct Place: Hashable, Sendable, CustomStringConvertible {
    package var path: String
    package var position: Position

    package init(path: String, position: Position) {
        self.path = path
        self.position = position
    }

    package var description: String { "\(path):\(position.line):\(position.column)" }
}
