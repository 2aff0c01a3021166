/// A value in its document, with what it hangs on.
struct EditSpot {
    enum Holder {
        case document
        case entry(SyntaxNode.Entry)
        /// Behind the dash that ends there; nil in brackets.
        case item(dashEnd: Int?)
    }

    let node: Node
    let syntax: SyntaxNode
    let holder: Holder
    let isInBrackets: Bool

    /// Where what it holds can be written behind what it hangs on; nil in brackets and for the document.
    var indicatorEnd: Int? {
        switch holder {
        case .document: nil
        case .entry(let entry): syntax.propertiesEnd ?? entry.colonEnd
        case .item(let dashEnd): dashEnd.map { syntax.propertiesEnd ?? $0 }
        }
    }

    private var holdsBrackets: Bool { isInBrackets || syntax.style != .block }

    func entry(_ index: Int) -> EditSpot {
        let entry = syntax.entries[index]
        return EditSpot(node: node.entries[index].value, syntax: entry.value, holder: .entry(entry), isInBrackets: holdsBrackets)
    }

    func item(_ index: Int, _ elements: EditElements) -> EditSpot {
        let dashEnd = holdsBrackets ? nil : elements.starts[index] + 1
        return EditSpot(
            node: node.items[index], syntax: syntax.items[index], holder: .item(dashEnd: dashEnd), isInBrackets: holdsBrackets)
    }
}

/// The entries of a mapping or the items of a list, each with the bytes that it takes, its dash included.
struct EditElements {
    let isFlow: Bool
    let starts: [Int]
    let ends: [Int]
    private let isExplicit: [Bool]

    init(of node: SyntaxNode, in text: EditText) {
        isFlow = node.style != .block
        switch node.content {
        case .mapping(let entries):
            starts = entries.map(\.start)
            ends = entries.map(\.value.end)
            isExplicit = entries.map(\.isExplicit)
        case .sequence(let items) where isFlow:
            starts = items.map(\.outerStart)
            ends = items.map(\.end)
            isExplicit = []
        case .sequence(let items):
            starts = Self.dashes(of: items, from: node.start, in: text)
            ends = zip(starts, items).map { max($0 + 1, $1.end) }
            isExplicit = []
        case .scalar:
            starts = []
            ends = []
            isExplicit = []
        }
    }

    private static func dashes(of items: [SyntaxNode], from start: Int, in text: EditText) -> [Int] {
        var dashes: [Int] = []
        for index in items.indices {
            dashes.append(index == 0 ? start : text.skipTrivia(from: max(dashes[index - 1] + 1, items[index - 1].end)))
        }
        return dashes
    }

    var count: Int { starts.count }

    /// Whether its key stands behind `? `.
    func isExplicit(_ index: Int) -> Bool { isExplicit.indices.contains(index) && isExplicit[index] }
}
