/// Which items of a list become which of another, so that few change and those that stay keep their comments.
struct ListAlignment {
    /// Numbers of an old item and of the new one in its place, ascending.
    private(set) var pairs: [(old: Int, new: Int)] = []
    private(set) var removed: [Int] = []
    /// Runs of new items by the number of the old one that they stand behind; -1 at the beginning.
    private(set) var inserted: [(behind: Int, run: Range<Int>)] = []

    init(of items: [Node], to values: [EditValue]) {
        let same = Self.same(items, values)
        var old = 0
        var new = 0
        for match in same + [(items.count, values.count)] {
            fill(old..<match.0, new..<match.1)
            if match.0 < items.count { pairs.append(match) }
            (old, new) = (match.0 + 1, match.1 + 1)
        }
    }

    /// Between two that stay.
    private mutating func fill(_ old: Range<Int>, _ new: Range<Int>) {
        let count = min(old.count, new.count)
        pairs += zip(old, new).prefix(count).map { ($0, $1) }
        removed += old.dropFirst(count)
        if new.count > count { inserted.append((old.lowerBound + count - 1, new.lowerBound + count..<new.upperBound)) }
    }

    /// Ascending on both sides: by what they say, or by the name that they have.
    private static func same(_ items: [Node], _ values: [EditValue]) -> [(Int, Int)] {
        let (old, new) = identities(items, values)
        let change = new.difference(from: old)
        var gone = Set<Int>()
        var come = Set<Int>()
        for step in change {
            switch step {
            case .remove(let offset, _, _): gone.insert(offset)
            case .insert(let offset, _, _): come.insert(offset)
            }
        }
        return Array(zip(old.indices.filter { !gone.contains($0) }, new.indices.filter { !come.contains($0) }))
    }

    private static func identities(_ items: [Node], _ values: [EditValue]) -> ([EditValue], [EditValue]) {
        let old = items.map { EditValue($0) }
        for field in ItemName.fields {
            let (first, second) = (names(of: old, by: field), names(of: values, by: field))
            if let first, let second { return (first, second) }
        }
        return (old.map(\.identity), values.map(\.identity))
    }

    private static func names(of values: [EditValue], by field: String) -> [EditValue]? {
        let names = values.compactMap { value -> EditValue? in
            guard case .map(let members) = value else { return nil }
            return members.first { $0.name == field }?.value.identity
        }
        return names.count == values.count && Set(names).count == names.count ? names : nil
    }
}

extension EditValue {
    /// The same for values that say the same, whatever type they were given as.
    fileprivate var identity: EditValue {
        switch self {
        case .text(let text), .written(let text): .text(text)
        case .integer(let number): .text(String(number))
        case .boolean(let flag): .text(String(flag))
        case .null: .null
        case .list(let items): .list(items.map(\.identity))
        case .map(let members): .map(members.map { Member($0.name, $0.value.identity) }.sorted { $0.name < $1.name })
        }
    }
}
