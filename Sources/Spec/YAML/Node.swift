/// A position with the number of Unicode scalars it covers on its line, for the caret under it.
package struct Extent: Hashable, Sendable {
    package var position: Position
    private var scalars: Int32
    /// Whose position it is: 0 for the file being read, else the number of one in `FolderDefaults`.
    var source: Int32

    package init(position: Position, length: Int, source: Int32 = 0) {
        self.position = position
        self.scalars = Int32(clamping: length)
        self.source = source
    }

    package var length: Int { Int(scalars) }

    package static let start = Extent(position: Position(line: 1, column: 1), length: 1)
}

/// One value of a YAML document or JSON text, with the place where it stands.
package struct Node: Sendable {
    package enum Content: Sendable {
        case scalar(Scalar)
        case sequence([Node])
        case mapping([Entry])
        /// Already reported; whoever reads it says nothing more.
        case broken
    }

    package struct Entry: Sendable {
        package var key: String
        package var keyExtent: Extent
        package var value: Node
        /// Whether it is a `null` of a folder that has cleared what one farther out gives; kept while folders are laid
        /// over each other, so that clearing the same again is no mistake.
        var isCleared = false
    }

    package var content: Content
    package var extent: Extent
    /// Whether a tag was refused here, after which nothing is said of what sort of value it is.
    var isDoubtful = false
    /// Set where an alias stands; what is inside keeps the places of the text that the alias repeats.
    package var alias: Alias?

    package init(content: Content, extent: Extent, alias: Alias? = nil) {
        self.content = content
        self.extent = extent
        self.alias = alias
    }

    /// How the value is called in messages.
    var noun: String {
        switch content {
        case .scalar(let scalar): scalar.type.noun
        case .sequence: "a list"
        case .mapping: "a mapping"
        case .broken: "nothing"
        }
    }
}

extension Node.Entry {
    private static let mergeKey = "<<"

    /// In place of a merge key, which was refused: whoever misses a field may find it there.
    static func merging(at extent: Extent) -> Node.Entry {
        Node.Entry(key: mergeKey, keyExtent: extent, value: Node(content: .broken, extent: extent))
    }

    var isMergeKey: Bool {
        guard case .broken = value.content else { return false }
        return key == Self.mergeKey
    }
}

/// A scalar as it was written; only plain and tagged ones have a type other than string.
package struct Scalar: Hashable, Sendable {
    package var text: String
    package var isPlain: Bool
    /// What its tag says.
    private var tagged: ScalarType?

    package init(text: String, isPlain: Bool) {
        self.text = text
        self.isPlain = isPlain
    }

    package enum ScalarType: Sendable {
        case null, boolean, integer, float, string

        var noun: String {
            switch self {
            case .null: "nothing"
            case .boolean: "true or false"
            case .integer, .float: "a number"
            case .string: "text"
            }
        }
    }

    package var type: ScalarType { tagged ?? (isPlain ? CoreSchema.type(of: text) : .string) }

    /// The same text with the type that a tag gives it.
    func typed(_ type: ScalarType) -> Scalar {
        var scalar = self
        scalar.tagged = type
        return scalar
    }
}
