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
