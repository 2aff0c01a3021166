internal import Spec
internal import Store

extension DriftReport {
    /// Adds what differs in provenance, history and lineage. A scan of a unit compares as many revisions as it can afford, from where the
    /// last one left off; what is known of the others stays.
    mutating func compareRecords(_ transaction: Transaction, unit: String?) throws(DatabaseError) {
        guard state.revision != nil else { return }
        let last = unit == nil ? nil : try DriftScans.list(transaction).first { $0.unit == unit }
        let window = try ChecksumWindow(transaction, below: last?.historyBelow)
        history = window
        let found = try Checksums.differences(transaction, in: window, unit: unit)
        drift += Drift.list(of: found + (try known(transaction, outside: window, unit: unit)))
        drift.sort { ($0.resource, $0.uid, $0.order) < ($1.resource, $1.uid, $1.order) }
    }

    private func known(
        _ transaction: Transaction, outside window: ChecksumWindow, unit: String?
    ) throws(DatabaseError) -> [RecordDifference] {
        guard window.first > 0 || window.last < .max else { return [] }
        return try DriftFindings.present(transaction, unit: unit).filter { finding in
            guard !finding.aspect.isOfRow, let number = finding.pointer.split(separator: "/").last.flatMap({ Int64($0) }) else { return false }
            return !window.contains(number)
        }.map { finding in
            RecordDifference(
                aspect: finding.aspect, uid: finding.uid, resource: finding.resource, pointer: finding.pointer, wanted: finding.wanted,
                found: finding.found)
        }
    }
}

extension Drift {
    /// Of the rows of history that a revision wrote, with the revision's number behind it.
    static let historyPointer = "/history/"

    /// One for each resource and table.
    fileprivate static func list(of differences: [RecordDifference]) -> [Drift] {
        let groups = Dictionary(grouping: differences) { Group(uid: $0.uid, resource: $0.resource, aspect: $0.aspect) }
        return groups.map { group, differences in
            let fields = differences.sorted { $0.pointer < $1.pointer }.map {
                FieldDrift(column: $0.pointer, wanted: $0.wanted, found: $0.found, place: nil)
            }
            return Drift(resource: group.resource, uid: group.uid, finding: .record(group.aspect, fields), place: nil)
        }
    }

    /// What is of the row itself comes first.
    fileprivate var order: String {
        if case .record(let aspect, _) = finding { aspect.rawValue } else { "" }
    }

    private struct Group: Hashable {
        var uid: String
        var resource: String
        var aspect: DriftFinding.Aspect
    }
}
