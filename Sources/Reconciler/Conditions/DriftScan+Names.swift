internal import FoundationEssentials
internal import Spec
internal import Store

extension DriftScan {
    /// How many names a scan keeps.
    static let namesMax = 10

    init(_ drift: [Drift], unit: String, revision: Int64) {
        self.init(
            unit: unit, revision: revision, resources: Int64(drift.count), fields: Int64(drift.map(\.fieldCount).reduce(0, +)),
            first: JSONTree.array(drift.prefix(Self.namesMax).map { .string($0.resource) }).text)
    }

    /// Empty where the row was edited by hand.
    var firstNames: [String] { (try? JSONDecoder().decode([String].self, from: Data(first.utf8))) ?? [] }
}

extension Drift {
    /// A row that is missing, or in no commit, counts as one.
    var fieldCount: Int {
        switch finding {
        case .changed(let fields), .record(_, let fields): fields.count
        case .missing, .unexpected: 1
        }
    }
}
