internal import Spec

/// The conditions of a unit as lines of text: what is bad first, marked, and all in columns.
struct ConditionTable {
    let conditions: [Condition]
    /// Writes how long ago a moment was.
    let age: (Instant) -> String

    var lines: [String] {
        let bad = conditions.filter(\.isBad)
        let open = conditions.filter { $0.status == .unknown }
        let good = conditions.filter { !$0.isBad && $0.status != .unknown }
        let rows = bad.map { ("!", $0) } + open.map { ("?", $0) } + good.map { (" ", $0) }
        let ages = rows.map { $0.1.since.map(age) ?? "-" }
        let width = (
            name: rows.map(\.1.name.rawValue.count).max() ?? 0, reason: rows.map(\.1.reason.rawValue.count).max() ?? 0,
            age: ages.map(\.count).max() ?? 0
        )
        return zip(rows, ages).map { row, age in
            let (mark, condition) = row
            return "  \(mark) \(condition.name.rawValue.padded(to: width.name))  \(condition.status.rawValue.padded(to: 7))  "
                + "\(condition.reason.rawValue.padded(to: width.reason))  \(age.padded(to: width.age))  \(condition.message.printable)"
        }
    }
}

extension Condition {
    var json: JSONTree {
        .object([
            ("type", .string(name.rawValue)), ("status", .string(status.rawValue)), ("reason", .string(reason.rawValue)),
            ("message", .string(message)), ("since", .optional(since?.iso8601)),
        ])
    }
}
