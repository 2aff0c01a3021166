internal import Spec

/// A thing on the three sides of a comparison; nil where a side has none.
struct Sides<Value> {
    var base: Value?
    var desired: Value?
    var actual: Value?

    init(base: Value?, desired: Value?, actual: Value?) {
        self.base = base
        self.desired = desired
        self.actual = actual
    }

    /// Of three, in the order base, desired, actual.
    init(_ values: [Value?]) { self.init(base: values[0], desired: values[1], actual: values[2]) }

    var present: [Value] { [base, desired, actual].compactMap { $0 } }

    func map<Other>(_ transform: (Value) -> Other?) -> Sides<Other> {
        Sides<Other>(
            base: base.flatMap(transform), desired: desired.flatMap(transform), actual: actual.flatMap(transform))
    }
}

/// A value and where it stands in its text.
struct Located {
    var node: FieldNode
    var pointer: String

    func member(_ name: String) -> Located? {
        node[name].map { Located(node: $0, pointer: "\(pointer)/\(JSONPointer.escaped(name))") }
    }

    func item(_ index: Int) -> Located? {
        items.indices.contains(index) ? Located(node: items[index], pointer: "\(pointer)/\(index)") : nil
    }

    var items: [FieldNode] { node.items ?? [] }

    /// What names each item of the list.
    func names(by key: String) -> [String] { items.compactMap { $0[key]?.scalar } }

    func itemsByName(_ key: String) -> [String: Located] {
        Dictionary(zip(names(by: key), items.indices.compactMap(item))) { first, _ in first }
    }

    /// Whether the items ascend by their text, as those of a set do.
    var isSorted: Bool { zip(items, items.dropFirst()).allSatisfy { $0.text <= $1.text } }

    /// The items of each list that the other has not, with their numbers.
    static func unmatched(_ base: Located, _ desired: Located) -> (old: [(Int, Located)], new: [(Int, Located)]) {
        var rest = Dictionary(base.items.map { ($0.text, 1) }, uniquingKeysWith: +)
        var new: [(Int, Located)] = []
        for index in desired.items.indices {
            if let count = rest[desired.items[index].text], count > 0 {
                rest[desired.items[index].text] = count - 1
            } else if let item = desired.item(index) {
                new.append((index, item))
            }
        }
        var old: [(Int, Located)] = []
        for index in base.items.indices.reversed() {
            guard let count = rest[base.items[index].text], count > 0, let item = base.item(index) else { continue }
            rest[base.items[index].text] = count - 1
            old.insert((index, item), at: 0)
        }
        return (old, new)
    }
}

extension Sides where Value == Located {
    /// In the desired text, or else in the first that has it.
    var pointer: String { (desired ?? base ?? actual)?.pointer ?? "" }
}
