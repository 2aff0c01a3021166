internal import Spec
internal import Store

/// A resource that goes and one that comes which are probably the same under another name.
///
/// Nobody is believed without a word in `previousNames`: the usage of one would be counted against the other.
enum Lookalike {
    /// Percent of the fields that must be equal.
    private static let likenessMin = 75
    /// Percent that is enough where the new one stands in the place of the old.
    private static let likenessInPlaceMin = 40
    /// Pairs of one organization and kind that are compared field by field; beyond it only texts that are equal.
    private static let pairsMax = 10_000

    /// The changes, each deletion and creation that belong together pointing at each other.
    static func marked(
        _ changes: [Change], before: [String: PastResource], after: [ResourceKey: Resource]
    ) -> [Change] {
        var changes = changes
        let groups = Dictionary(grouping: changes.indices) { Group(changes[$0].key) }
        for indices in groups.values {
            guard indices.contains(where: { changes[$0].isDeletion }),
                indices.contains(where: { changes[$0].isCreation })
            else { continue }
            let gone = indices.filter { changes[$0].isDeletion }.compactMap { index in
                changes[index].uid.flatMap { before[$0] }.map { Candidate(index, $0.canonical, changes[index].place) }
            }
            let come = indices.filter { changes[$0].isCreation }.compactMap { index in
                after[changes[index].key].map { Candidate(index, $0.canonical, $0.place) }
            }
            for (old, new) in pairs(gone, come) {
                changes[old].lookalike = changes[new].key
                changes[new].lookalike = changes[old].key
            }
        }
        return changes
    }

    /// Each one at most once, the likest first.
    private static func pairs(_ gone: [Candidate], _ come: [Candidate]) -> [(Int, Int)] {
        let isMany = gone.count * come.count > pairsMax
        var found: [(likeness: Int, old: Int, new: Int)] = []
        if isMany {
            let byText = Dictionary(come.map { ($0.text, $0.index) }) { first, _ in first }
            found = gone.compactMap { old in byText[old.text].map { (100, old.index, $0) } }
        } else {
            for old in gone {
                for new in come {
                    let likeness = old.likeness(to: new)
                    let least = old.standsWhere(new) ? likenessInPlaceMin : likenessMin
                    if likeness >= least { found.append((likeness, old.index, new.index)) }
                }
            }
        }
        var taken: Set<Int> = []
        return found.sorted { (-$0.likeness, $0.old, $0.new) < (-$1.likeness, $1.old, $1.new) }.compactMap { pair in
            guard !taken.contains(pair.old), !taken.contains(pair.new) else { return nil }
            taken.formUnion([pair.old, pair.new])
            return (pair.old, pair.new)
        }
    }

    private struct Group: Hashable {
        var org: String?
        var kind: Kind

        init(_ key: ResourceKey) { (org, kind) = (key.org, key.kind) }
    }
}

/// One end of a pair.
private struct Candidate {
    var index: Int
    var text: String
    var place: Place?
    var leaves: Set<String>

    init(_ index: Int, _ text: String, _ place: Place?) {
        (self.index, self.text, self.place) = (index, text, place)
        let fields = CanonicalFields(of: text).leaves
        leaves = Set(fields.pointers.map { "\($0) \(fields[$0] ?? "")" })
    }

    /// Percent of the fields of the larger one.
    func likeness(to other: Candidate) -> Int {
        if text == other.text { return 100 }
        return leaves.intersection(other.leaves).count * 100 / max(leaves.count, other.leaves.count, 1)
    }

    func standsWhere(_ other: Candidate) -> Bool { place != nil && place == other.place }
}

extension Change {
    var isDeletion: Bool { if case .delete = action { true } else { false } }
    var isCreation: Bool { if case .create = action { true } else { false } }
}
