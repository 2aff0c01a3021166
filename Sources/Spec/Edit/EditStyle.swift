/// How a document is indented, as far as it shows.
struct EditStyle {
    /// From a key to the keys of the mapping below it.
    private(set) var mappingIndent = 2
    /// From a key to the dashes of the list below it.
    private(set) var listIndent = 2
    /// Between `{` and the first key.
    private(set) var bracePadding = " "

    /// The first of the nodes that shows something decides.
    init(of nodes: [SyntaxNode], in text: EditText) {
        var search = Search()
        for node in nodes where !search.isDone { search.visit(node, text) }
        mappingIndent = search.mapping ?? mappingIndent
        listIndent = search.list ?? listIndent
        bracePadding = search.padding ?? bracePadding
    }

    private struct Search {
        var mapping: Int?
        var list: Int?
        var padding: String?

        var isDone: Bool { mapping != nil && list != nil && padding != nil }

        mutating func visit(_ node: SyntaxNode, _ text: EditText) {
            if node.style == .flow, !node.entries.isEmpty, padding == nil {
                padding = text[node.start + 1].map { EditText.isBlank($0) || EditText.isBreak($0) } ?? true ? " " : ""
            }
            for entry in node.entries where !isDone {
                measure(entry, text)
                visit(entry.value, text)
            }
            for item in node.items where !isDone { visit(item, text) }
        }

        private mutating func measure(_ entry: SyntaxNode.Entry, _ text: EditText) {
            guard entry.value.style == .block, text.beginsLine(entry.value.start) else { return }
            let indent = text.column(of: entry.value.start) - text.column(of: entry.start)
            if !entry.value.entries.isEmpty, indent > 0 { mapping = mapping ?? indent }
            if !entry.value.items.isEmpty, indent >= 0 { list = list ?? indent }
        }
    }
}
