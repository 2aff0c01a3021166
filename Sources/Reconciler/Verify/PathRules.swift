internal import Spec

/// Whose signature a change to a file needs, by the rules of `owners`; a value.
struct PathRules {
    /// One rule that a change must satisfy: by a signature of one of `signers`.
    struct Demand: Hashable {
        /// The file that the rule is about; another than the changed one when that holds defaults for it.
        var path: String
        var signers: Set<String>
        /// Its place among `owners`; nil for the file of the rules itself.
        var rule: Int?
    }

    private let rules: [Repository.OwnerRule]
    private let everybody: Set<String>
    private let guardsRules: Bool
    /// The files below which defaults may take effect.
    private let files: [String]

    init(_ policy: Repository, files: [String]) {
        rules = policy.owners
        everybody = Set(policy.signers.map(\.name))
        let demandsAny = policy.owners.contains { !$0.signers.isEmpty }
        guardsRules = demandsAny || (policy.signatures?.required ?? .off) != .off
        self.files = files
    }

    /// False when no change could need anybody's signature by these rules.
    var isEmpty: Bool { !guardsRules }

    /// All of them must be met; none for a file that anybody may change.
    func demands(for path: String) -> [Demand] {
        guard SourceFile.isRead(path) else { return [] }
        var demands = demand(for: path).map { [$0] } ?? []
        if SourceFile.holdsFolderDefaults(path) {
            let folder = path.prefix(upTo: path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)
            for file in files where file.hasPrefix(folder) && file != path {
                guard let demand = demand(for: file), !demands.contains(where: { $0.rule == demand.rule }) else { continue }
                demands.append(demand)
            }
        }
        return demands
    }

    private func demand(for path: String) -> Demand? {
        // Of several rules for a path the last one holds, alone.
        let rule = rules.lastIndex { $0.paths.contains { $0.matches(path) } }
        if let rule, !rules[rule].signers.isEmpty {
            return Demand(path: path, signers: Set(rules[rule].signers), rule: rule)
        }
        return path == SourceFile.rulesPath && guardsRules ? Demand(path: path, signers: everybody, rule: nil) : nil
    }
}
