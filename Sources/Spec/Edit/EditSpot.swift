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
