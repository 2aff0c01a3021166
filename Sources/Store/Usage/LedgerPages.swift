package import Spec

/// The ledger's rows of a period in pages, the oldest first; all pages of one reader belong in one transaction of isolation
/// `repeatableRead`, so that they are one picture.
package struct LedgerPages {
    private let filter: UsageFilter
    private var rest: Range<Instant>
    /// How long a stretch is asked for at once: rows lie in the order of time, but no index has it, so that a short stretch
    /// is found quickly and a long one would be sorted whole for every page.
    private var width = stretchUsual
    private var cursor: Cursor?
    private let rowsMax: Int

    /// The last row of a full page. A correction has the time, decision and attempt of what it corrects, so the place of the
    /// row in its table decides, which stays while the snapshot does.
    private struct Cursor {
        var at: Instant
        var decision: String
        var attempt: Int64
        var place: String
    }

    /// `rowsMax` is the most rows of a page.
    package init(_ transaction: Transaction, _ span: Range<Instant>, _ filter: UsageFilter, rowsMax: Int = 5_000) throws(DatabaseError) {
        self.filter = filter
        self.rowsMax = rowsMax
        let known = try transaction.query(
            "SELECT \(SQLInstant.milliseconds("min(hour)")), \(SQLInstant.milliseconds("max(hour)")) FROM charter.usage_hour")[0]
        // Years without a row are not walked through.
        guard let first = known.instantOrNil(0), let last = known.instantOrNil(1) else {
            rest = span.lowerBound..<span.lowerBound
            return
        }
        let end = Instant(milliseconds: last.milliseconds + RollupGrain.hour.milliseconds)
        rest = span.clamped(to: first..<end)
    }

    /// The next rows, without their decision records; nil at the end.
    package mutating func next(_ transaction: Transaction) throws(DatabaseError) -> [UsageRow]? {
        while !rest.isEmpty {
            let end = min(Instant(milliseconds: rest.lowerBound.milliseconds + width), rest.upperBound)
            let rows = try page(transaction, rest.lowerBound..<end)
            if rows.count == rowsMax {
                width = max(width / 2, Self.stretchMin)
                rest = (cursor?.at ?? end)..<rest.upperBound
            } else {
                if rows.count <= rowsMax / 4 { width = min(width * 2, Self.stretchMax) }
                cursor = nil
                rest = end..<rest.upperBound
            }
            if !rows.isEmpty { return rows }
        }
        return nil
    }

    private mutating func page(_ transaction: Transaction, _ stretch: Range<Instant>) throws(DatabaseError) -> [UsageRow] {
        var parameters = SQLParameters()
        var conditions = [
            "u.at >= \(parameters.add(.instant(stretch.lowerBound)))", "u.at < \(parameters.add(.instant(stretch.upperBound)))",
        ]
        if let cursor {
            let values = [
                parameters.add(.instant(cursor.at)), parameters.add(.text(cursor.decision)), parameters.add(.integer(cursor.attempt)),
                parameters.add(.text(cursor.place)),
            ]
            conditions.append(
                "(u.at, u.decision, u.attempt, u.ctid) > (\(values[0])::timestamptz, \(values[1]), \(values[2])::int, \(values[3])::tid)")
        }
        conditions += filter.conditions(&parameters)
        let found = try transaction.query(
            """
            SELECT \(SQLInstant.milliseconds("at")), \(UsageColumns.afterTimeWithoutDetail), u.ctid::text FROM charter.usage u
            WHERE \(conditions.joined(separator: " AND ")) ORDER BY u.at, u.decision, u.attempt, u.ctid LIMIT \(rowsMax)
            """, parameters.values)
        var rows: [UsageRow] = []
        rows.reserveCapacity(found.count)
        for row in found { rows.append(try UsageRow(row)) }
        if let last = found.last, let row = rows.last {
            cursor = Cursor(at: row.at, decision: row.decision, attempt: Int64(row.attempt), place: try last.text(UsageColumns.count))
        }
        return rows
    }

    // Milliseconds.
    private static let stretchMin: Int64 = 1_000
    private static let stretchUsual: Int64 = 3_600_000
    private static let stretchMax: Int64 = 31 * CivilDate.millisecondsPerDay
}
