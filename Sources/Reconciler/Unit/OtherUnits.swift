internal import Spec
package import Store

/// What the other units of a database have applied, beside which one unit's commit must hold together. A value.
package struct OtherUnits: Sendable {
    /// By uid.
    package var rows: [String: PastResource] = [:]
    /// The unit of each.
    package var units: [String: String] = [:]
    /// The newest revision that one of them brought about.
    package var revision: Int64 = 0

    package init() {}

    /// Takes the rows of other units out of what is applied, which is asked for only where there are others.
    init(
        _ transaction: Transaction, than unit: String, from applied: @autoclosure () throws -> [String: PastResource]
    ) throws {
        revision = try UnitOwnership.lastRevisionOfOthers(transaction, than: unit)
        guard revision > 0 else { return }
        units = try UnitOwnership.ofOthers(transaction, than: unit)
        rows = try applied().filter { units[$0.key] != nil }
    }

    package var isEmpty: Bool { rows.isEmpty }

    /// What the name of a unit follows in the path of a document that stands for one of its resources.
    private static let mark = "@"

    /// As documents that a commit is validated with, under none of the paths given; each unit keeps its own rules of the repository.
    func files(beside paths: Set<String> = []) -> [SourceFile] {
        rows.compactMap { uid, row in
            guard row.key.kind != .repository, let text = try? row.readable.yaml(isEffective: true) else { return nil }
            var mark = Self.mark
            while paths.contains(path(of: row.key, unit: units[uid] ?? "", mark)) { mark += Self.mark }
            return SourceFile(path: path(of: row.key, unit: units[uid] ?? "", mark), bytes: Array(text.utf8))
        }
    }

    /// The names of what this version cannot read, and so cannot set beside a commit.
    var unreadable: Set<ResourceKey> {
        Set(rows.values.filter { row in (try? row.readable) == nil }.map(\.key))
    }

    private func path(of key: ResourceKey, unit: String, _ mark: String) -> String {
        (key.org.map { "orgs/\($0)/" } ?? "") + "\(mark)\(unit)/\(key.kind.rawValue)-\(key.name).yaml"
    }

    /// Names that this commit declares although another unit has them, with that unit.
    func taken(by resources: some Sequence<ResourceKey>) -> [(key: ResourceKey, unit: String)] {
        guard !isEmpty else { return [] }
        let owners = Dictionary(rows.map { ($0.value.key, units[$0.key] ?? "") }) { first, _ in first }
        return resources.compactMap { key in owners[key].map { (key, $0) } }.sorted { $0.key < $1.key }
    }
}
