/// A position in a text; line and column count from 1, the column in Unicode scalars.
package struct Position: Hashable, Sendable, Comparable {
    package var line: Int
    package var column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
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
