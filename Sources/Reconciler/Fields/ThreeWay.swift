internal import Spec

/// What comparing base, desired and actual says of one field.
package enum FieldVerdict: String, Sendable {
    /// Actual already is what is desired.
    case equal
    /// Git changed it, nobody else did.
    case pending
    /// Somebody changed the database, Git did not.
    case drift
    /// Both changed it, to different values.
    case conflict
}

/// One field on its three sides; nil means absent there. Values are JSON text.
package struct FieldComparison: Hashable, Sendable {
    /// JSON pointer into the desired text where that has the field, else into the base, else into the actual one.
    package var pointer: String
    /// JSON pointer into the base, where the field may stand at another number of its list.
    package var basePointer: String?
    /// The way to the field as people say it, see `FieldPath`.
    package var path: String
    package var base: String?
    package var desired: String?
    package var actual: String?

    package var verdict: FieldVerdict {
        if desired == actual { return .equal }
        if actual == base { return .pending }
        return desired == base ? .drift : .conflict
    }
}

/// Compares a resource's three canonical texts field by field.
package struct ThreeWay: Sendable {
    /// Every field that is not the same on all three sides, in the order of the first text that has it.
    package private(set) var differences: [FieldComparison] = []
    /// How many fields are.
    package private(set) var unchanged = 0

    package init(base: String?, desired: String?, actual: String?) {
        if base == desired && desired == actual { return }
        let texts = [base, desired, actual]
        let nodes = Self.nodes(of: texts)
        if zip(texts, nodes).allSatisfy({ ($0 == nil) == ($1 == nil) }) {
            compare(Sides(nodes.map { $0.map { Located(node: $0, pointer: "") } }), FieldPath())
        }
        // Else a text is no JSON, or they differ in form alone; only a hand can have done either.
        if differences.isEmpty {
            differences = [
                FieldComparison(
                    pointer: "", basePointer: "", path: FieldPointer.readable(""), base: base, desired: desired,
                    actual: actual)
            ]
        }
    }

    /// Equal texts are read once: two of three mostly are.
    private static func nodes(of texts: [String?]) -> [FieldNode?] {
        var nodes: [FieldNode?] = []
        for (index, text) in texts.enumerated() {
            let same = texts[..<index].firstIndex(of: text)
            nodes.append(same.map { nodes[$0] } ?? text.flatMap(FieldNode.init))
        }
        return nodes
    }

    package static func compare(base: String?, desired: String?, actual: String?) -> [FieldComparison] {
        ThreeWay(base: base, desired: desired, actual: actual).differences
    }

    // MARK: Descent

    private mutating func compare(_ sides: Sides<Located>, _ path: FieldPath, isItem: Bool = false) {
        let present = sides.present
        let isWhole = present.count == 3
        if isWhole && Set(present.map(\.node.text)).count == 1 {
            unchanged += present[0].node.leafCount
            return
        }
        // An item that came or went is told in one line.
        let cameOrWent = isItem && !isWhole && Set(present.map(\.node.text)).count == 1
        if !cameOrWent && present.allSatisfy({ $0.node.members != nil }) { return compareMembers(sides, path) }
        let lists = present.compactMap(\.node.items)
        if lists.count == present.count && lists.contains(where: { $0.contains { !$0.isScalar } }) {
            return compareItems(sides, lists, path)
        }
        note(sides, path)
    }

    private mutating func compareMembers(_ sides: Sides<Located>, _ path: FieldPath) {
        var seen: Set<String> = []
        for name in sides.present.flatMap({ $0.node.members?.map(\.name) ?? [] }) where seen.insert(name).inserted {
            compare(sides.map { $0.member(name) }, path.member(name))
        }
    }

    private mutating func compareItems(_ sides: Sides<Located>, _ lists: [[FieldNode]], _ path: FieldPath) {
        if let key = ListKey.common(of: lists) { return compareItems(sides, by: key, path) }
        if let base = sides.base, let desired = sides.desired, sides.actual?.node.text == base.node.text {
            return compareItems(from: base, to: desired, path)
        }
        for index in 0..<(lists.map(\.count).max() ?? 0) {
            compare(sides.map { $0.item(index) }, path.item(at: index), isItem: true)
        }
    }

    private mutating func compareItems(_ sides: Sides<Located>, by key: String, _ path: FieldPath) {
        let maps = sides.map { $0.itemsByName(key) }
        var seen: Set<String> = []
        let order = [sides.desired, sides.base, sides.actual].compactMap { $0 }.flatMap { $0.names(by: key) }
        for name in order where seen.insert(name).inserted {
            compare(maps.map { $0[name] }, path.item(named: name), isItem: true)
        }
        noteOrder(sides, key, path)
    }

    /// Items without a name: equal ones are set aside, and what is left is paired where both sides have as many.
    private mutating func compareItems(from base: Located, to desired: Located, _ path: FieldPath) {
        let (old, new) = Located.unmatched(base, desired)
        unchanged += desired.items.count - new.count
        if old.count == new.count {
            for ((_, old), (index, new)) in zip(old, new) {
                compare(Sides([old, new, old]), path.item(at: index), isItem: true)
            }
        } else {
            for (index, item) in old { note(Sides([item, nil, item]), path.item(at: index)) }
            for (index, item) in new { note(Sides([nil, item, nil]), path.item(at: index)) }
        }
    }

    // MARK: Findings

    /// A list may say the same of every item, and yet another order; in a set, whose text is sorted, that means nothing.
    private mutating func noteOrder(_ sides: Sides<Located>, _ key: String, _ path: FieldPath) {
        let lists = sides.present
        let names = lists.map { $0.names(by: key) }
        let shared = names.dropFirst().reduce(Set(names.first ?? [])) { $0.intersection($1) }
        let orders = Set(names.map { $0.filter(shared.contains) })
        let isSet = lists.allSatisfy { $0.isSorted }
        guard orders.count > 1, !isSet else { return }
        let texts = sides.map { JSONTree.array($0.names(by: key).map(JSONTree.string)).text }
        differences.append(
            FieldComparison(
                pointer: sides.pointer, basePointer: sides.base?.pointer, path: path.text + " (order)", base: texts.base,
                desired: texts.desired, actual: texts.actual))
    }

    private mutating func note(_ sides: Sides<Located>, _ path: FieldPath) {
        let texts = sides.map(\.node.text)
        differences.append(
            FieldComparison(
                pointer: sides.pointer, basePointer: sides.base?.pointer, path: path.text, base: texts.base,
                desired: texts.desired, actual: texts.actual))
    }
}
