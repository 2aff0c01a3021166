/// One value of a document with the bytes that it takes in its file.
struct SyntaxNode {
    enum Style {
        case plain, singleQuoted, doubleQuoted, literal, folded, alias
        /// A list or mapping by its indentation.
        case block
        /// In brackets.
        case flow
        /// One key and its value in the brackets of a list: `[a: 1]`.
        case pair
    }

    enum Content {
        case scalar
        case sequence([SyntaxNode])
        case mapping([Entry])
    }

    struct Entry {
        var name: String
        /// With an anchor or a tag before the key.
        var start: Int
        var keyEnd: Int
        /// Behind the `:`; nil where a key in brackets has none.
        var colonEnd: Int?
        /// Whether the key stands behind `? `.
        var isExplicit: Bool
        var value: SyntaxNode
    }

    var style: Style
    var content: Content
    /// With its anchor and tag.
    var outerStart: Int
    /// Behind its anchor and tag, which are edited by nobody.
    var start: Int
    /// Behind its last byte, without the break of a block's last line; that of `start` where there is nothing.
    var end: Int
    /// Behind the anchor and tag, where there are some.
    var propertiesEnd: Int?
    var hasTag: Bool

    var isBlockText: Bool { style == .literal || style == .folded }

    /// Whether it has no bytes of its own.
    var isNothing: Bool { start == end }

    /// The scalar or alias that ends it; itself where nothing is in it.
    var lastScalar: SyntaxNode { entries.last?.value.lastScalar ?? items.last?.lastScalar ?? self }

    var entries: [Entry] {
        if case .mapping(let entries) = content { entries } else { [] }
    }

    var items: [SyntaxNode] {
        if case .sequence(let items) = content { items } else { [] }
    }

}

/// A document with the bytes that it takes.
struct SyntaxDocument {
    /// Of its directives or its `---`, else of its first value.
    var start: Int
    /// Behind the `---`; nil where it has none.
    var markEnd: Int?
    /// Nil where it has no value.
    var root: SyntaxNode?
}
