internal import Spec
package import Store

/// Keeps since when conditions hold, beyond the life of whoever saw them change.
package enum ConditionLedger {
    /// Records how a unit stands where that differs from what is recorded.
    package static func settle(_ connection: Connection, unit: String) throws {
        let report = try StatusReport.read(connection)
        try settle(report, unit: unit, connection)
    }

    /// The same with what was read a moment ago; answers whether anything was written.
    @discardableResult
    static func settle(_ report: StatusReport, unit: String, _ connection: Connection) throws -> Bool {
        guard let status = report.units.first(where: { $0.name == unit }) else { return false }
        let marks = report.conditions(of: status).compactMap { condition -> ConditionMark? in
            let known = report.marks[unit]?[condition.name.rawValue]
            guard (known?.status, known?.reason) != (condition.status.rawValue, condition.reason.rawValue) else { return nil }
            return ConditionMark(
                unit: unit, name: condition.name.rawValue, status: condition.status.rawValue,
                reason: condition.reason.rawValue, since: condition.since ?? report.now)
        }
        guard !marks.isEmpty else { return false }
        try connection.transaction { try ConditionMarks.record($0, marks) }
        return true
    }
}
