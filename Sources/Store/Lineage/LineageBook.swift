internal import Crypto
package import Spec

/// The lineages known before an apply, and the rule by which declared resources find theirs.
package struct LineageBook: Sendable {
    private let byKey: [ResourceKey: Lineage]

    package init(_ lineages: [Lineage]) {
        byKey = Dictionary(lineages.map { ($0.key, $0) }) { first, _ in first }
    }

    /// Every lineage that is found by its name.
    package var all: [Lineage] { Array(byKey.values) }

    /// What the lineage of this name is, deleted ones included.
    package subscript(key: ResourceKey) -> Lineage? { byKey[key] }

    /// Chooses a lineage for every declared resource, given its earlier names.
    ///
    /// A name in use wins; then an earlier name that nobody declares any more; then what was deleted under the same name, or
    /// under an earlier one. No lineage is given twice.
    package func choose(for declared: [ResourceKey: [String]]) -> [ResourceKey: LineageChoice] {
        var choices: [ResourceKey: LineageChoice] = [:]
        choices.reserveCapacity(declared.count)
        var undecided: [(key: ResourceKey, previousNames: [String])] = []
        for (key, previousNames) in declared {
            if let own = byKey[key], own.isOpen {
                choices[key] = .kept(uid: own.uid)
            } else if byKey[key] == nil && previousNames.isEmpty {
                choices[key] = .minted(uid: SecureRandom.uuid())
            } else {
                undecided.append((key, previousNames))
            }
        }
        // Only these can want the same lineage, and the first by name has it.
        var taken: Set<String> = []
        for (key, previousNames) in undecided.sorted(by: { $0.key < $1.key }) {
            let choice = choose(key, previousNames, declared, taken)
            taken.insert(choice.uid)
            choices[key] = choice
        }
        return choices
    }

    private func choose(
        _ key: ResourceKey, _ previousNames: [String], _ declared: [ResourceKey: [String]], _ taken: Set<String>
    ) -> LineageChoice {
        let earlier = previousNames.map { ResourceKey(org: key.org, kind: key.kind, name: $0) }
            .filter { $0 != key && declared[$0] == nil }
            .compactMap { byKey[$0] }
            .filter { !taken.contains($0.uid) }
        if let open = earlier.first(where: \.isOpen) { return .renamed(uid: open.uid, from: open.key) }
        if let own = byKey[key], !taken.contains(own.uid) { return .reopened(uid: own.uid) }
        if let closed = earlier.first { return .renamed(uid: closed.uid, from: closed.key) }
        return .minted(uid: SecureRandom.uuid())
    }
}
