internal import Spec

/// What a shipment adds to the cells that stand.
enum CellCharges {
    /// Adds the rows to every cell that counts them, also to those of rules that the shipping gateway has not heard of yet.
    static func add(_ transaction: Transaction, _ rows: [UsageRow]) throws(DatabaseError) {
        let groups = Dictionary(grouping: rows) { ObjectIdentifier($0.terms) }.values.map { TermsGroup(terms: $0[0].terms, rows: $0) }
        let cells = try candidates(transaction, groups)
        let groupsOfOrg = Dictionary(grouping: groups, by: \.terms.orgUID)
        let groupsOfKey = Dictionary(grouping: groups, by: \.terms.keyUID)
        var charged: [Charge] = []
        var named: [Charge] = []
        for cell in cells {
            let groups = cell.subject.keyUID.map { groupsOfKey[$0] ?? [] } ?? groupsOfOrg[cell.subject.orgUID] ?? []
            var charge = Charge(id: cell.id)
            var ofNames: [String: Charge] = [:]
            for group in groups where cell.subject.covers(group.terms) {
                var sum = Charge(id: cell.id)
                for row in group.rows { sum.add(cell.amount(of: row), isCorrection: row.isCorrection) }
                charge.add(sum)
                guard cell.id.model == CellID.everyName else { continue }
                let name = group.terms.countedName
                ofNames[name, default: Charge(id: cell.id.named(name))].add(sum)
            }
            if charge.amount != 0 { charged.append(charge) }
            named += ofNames.values.filter { $0.amount != 0 }
        }
        try charge(transaction, charged)
        try chargeNames(transaction, named)
    }

    /// What is added to a cell.
    private struct Charge {
        var id: CellID
        var amount: Int64 = 0
        /// What of it are corrections of prices.
        var corrected: Int64 = 0

        mutating func add(_ amount: Int64, isCorrection: Bool) {
            self.amount.add(clamped: amount)
            if isCorrection { corrected.add(clamped: amount) }
        }

        mutating func add(_ other: Charge) {
            amount.add(clamped: other.amount)
            corrected.add(clamped: other.corrected)
        }
    }

    /// The rows of a shipment that the same cells count.
    private struct TermsGroup {
        var terms: UsageTerms
        var rows: [UsageRow]
    }

    /// Cells that may count some of the rows, locked in the order of their keys so that two shipments cannot deadlock. Those of
    /// single names are covered by the lock on the one of every name.
    private static func candidates(_ transaction: Transaction, _ groups: [TermsGroup]) throws(DatabaseError) -> [CellSeed] {
        let times = groups.lazy.flatMap { $0.rows.lazy.map(\.at) }
        let answer = try transaction.query(
            """
            SELECT uid, meter, "window", \(SQLInstant.milliseconds("window_start")), model,
                \(SQLInstant.milliseconds("window_end")), org_uid, project_uid, member_uid, key_uid, to_json(models)
            FROM charter.cell
            WHERE org_uid = ANY ($1::uuid[]) AND (key_uid IS NULL OR key_uid = ANY ($2::uuid[]))
                AND window_end > $3 AND window_start <= $4 AND model IN ('', '\(CellID.everyName)')
            ORDER BY uid, meter, "window", window_start, model FOR NO KEY UPDATE
            """,
            [
                .texts(Set(groups.map(\.terms.orgUID))), .texts(Set(groups.map(\.terms.keyUID))), .instant(times.min()),
                .instant(times.max()),
            ])
        var cells: [CellSeed] = []
        for row in answer { cells.append(try CellSeed(row)) }
        return cells
    }

    private static func charge(_ transaction: Transaction, _ charged: [Charge]) throws(DatabaseError) {
        guard !charged.isEmpty else { return }
        try transaction.query(
            """
            UPDATE charter.cell c SET amount = \(ClampedSum.sql("c.amount", "n.amount")),
                corrected = \(ClampedSum.sql("c.corrected", "n.corrected"))
            FROM \(charges)
            WHERE (c.uid, c.meter, c."window", c.window_start, c.model)
                = (n.uid, n.meter, n."window", n.window_start, n.model)
            """, values(charged))
    }

    /// A name that is asked for first gets its cell here; the one of every name lends it its subject.
    private static func chargeNames(_ transaction: Transaction, _ charged: [Charge]) throws(DatabaseError) {
        guard !charged.isEmpty else { return }
        try transaction.query(
            """
            INSERT INTO charter.cell AS c (uid, meter, "window", window_start, window_end, model, amount, corrected,
                org_uid, project_uid, member_uid, key_uid, models)
            SELECT e.uid, e.meter, e."window", e.window_start, e.window_end, n.model, n.amount, n.corrected,
                e.org_uid, e.project_uid, e.member_uid, e.key_uid, e.models
            FROM \(charges)
            JOIN charter.cell e ON (e.uid, e.meter, e."window", e.window_start, e.model)
                = (n.uid, n.meter, n."window", n.window_start, '\(CellID.everyName)')
            ON CONFLICT (uid, meter, "window", window_start, model) DO UPDATE SET amount = \(ClampedSum.sql("c.amount", "excluded.amount")),
                corrected = \(ClampedSum.sql("c.corrected", "excluded.corrected"))
            """, values(charged))
    }

    private static let charges = """
        unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::bigint[], $7::bigint[])
            AS n (uid, meter, "window", window_start, model, amount, corrected)
        """

    private static func values(_ charged: [Charge]) -> [SQLValue] {
        let ids = charged.map(\.id)
        return [
            .texts(ids.map(\.uid)), .texts(ids.map(\.meter.rawValue)), .texts(ids.map(\.window.rawValue)),
            .instants(ids.map(\.windowStart)), .texts(ids.map(\.model)), .integers(charged.map(\.amount)), .integers(charged.map(\.corrected)),
        ]
    }
}

extension CellSeed {
    fileprivate init(_ row: Row) throws(DatabaseError) {
        guard let meter = CellMeter(rawValue: try row.text(1)), let window = Window(rawValue: try row.text(2)) else {
            throw DatabaseError(.unexpectedAnswer, "the database holds a cell of a meter or window that this program does not know")
        }
        self.init(
            id: CellID(
                uid: try row.text(0), meter: meter, window: window, windowStart: try row.instant(3), model: try row.text(4)),
            windowEnd: try row.instant(5),
            subject: UsageSubject(
                orgUID: try row.text(6), projectUID: row.textOrNil(7), memberUID: row.textOrNil(8), keyUID: row.textOrNil(9),
                models: row.textOrNil(10).map(Self.strings)))
    }

    private static func strings(_ json: String) -> [String] {
        var walk = JSONWalk(json)
        return (try? walk.elements().map { walk.string(at: $0) }) ?? []
    }
}
