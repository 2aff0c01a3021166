package import Spec

/// The ledger's monthly partitions, made ahead of time, or else when the first row of a month arrives. Months are of UTC.
package enum UsagePartitions {
    /// Makes the partitions for these moments where they are missing; safe to run from many sessions at once.
    package static func ensure(_ transaction: Transaction, for instants: some Sequence<Instant>) throws {
        var months: Set<Month> = []
        // A shipment's rows lie in one month, rarely two: a date is only taken apart when it is outside of the last one.
        var known = Instant(milliseconds: 0)..<Instant(milliseconds: 0)
        for instant in instants where !known.contains(instant) {
            let month = Month(instant)
            known = month.start..<month.next.start
            months.insert(month)
        }
        for month in months.sorted() { try ensure(transaction, month) }
    }

    /// Makes the partitions of this month and the next ones, so that no shipment has to when a month begins.
    package static func ensureAhead(_ transaction: Transaction, now: Instant) throws {
        var month = Month(now)
        for _ in 0...monthsAhead {
            try ensure(transaction, month)
            month = month.next
        }
    }

    private static let monthsAhead = 2

    private static func ensure(_ transaction: Transaction, _ month: Month) throws {
        guard try !exists(transaction, month) else { return }
        do {
            // A table made beside the ledger and attached needs no lock that waits for those who read it, be it for hours, and
            // behind which all shipments would wait, as `PARTITION OF` does (PostgreSQL manual, "ALTER TABLE").
            try transaction.savepoint {
                _ = try transaction.query(
                    "SELECT charter.make_usage_month($1::integer, $2::integer)", [.integer(month.year), .integer(month.month)])
            }
        } catch let error as DatabaseError where isRace(error.sqlState) {
            // Another session made it between the look and the lock.
            guard try exists(transaction, month) else { throw error }
        }
    }

    private static func exists(_ transaction: Transaction, _ month: Month) throws(DatabaseError) -> Bool {
        try transaction.query("SELECT to_regclass($1) IS NOT NULL", [.text(month.table)])[0].boolean(0)
    }

    private static func isRace(_ state: SQLState) -> Bool {
        [.duplicateTable, .duplicateObject, .uniqueViolation, .invalidObjectDefinition].contains(state)
    }
}

/// A month of UTC.
struct Month: Hashable, Comparable, Sendable {
    var year: Int64
    var month: Int64

    init(_ instant: Instant) {
        let date = CivilDate(instant)
        self.init(year: date.year, month: date.month)
    }

    init(year: Int64, month: Int64) {
        self.year = year
        self.month = month
    }

    var next: Month { month == 12 ? Month(year: year + 1, month: 1) : Month(year: year, month: month + 1) }
    var start: Instant { CivilDate(year: year, month: month, day: 1).start }

    /// `charter.usage_2026_11`; made of two numbers and nothing else.
    var table: String { "charter.usage_\(year)_\(month < 10 ? "0" : "")\(month)" }

    static func < (a: Month, b: Month) -> Bool { (a.year, a.month) < (b.year, b.month) }
}
