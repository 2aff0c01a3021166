internal import Policy
internal import Spec
package import Store

/// `charter usage export`: the rows of the ledger for a spreadsheet or a program.
package struct UsageExport: Sendable {
    package enum Format: String, Sendable {
        /// RFC 4180 with a line of names.
        case csv
        /// One JSON object a line.
        case jsonl
    }

    private let request: UsageRequest
    private let format: Format

    package init(request: UsageRequest, format: Format) {
        self.request = request
        self.format = format
    }

    /// Hands out lines, some thousand at a time and without the last line's end, until `take` answers false.
    ///
    /// One transaction, which is never tried again: what was handed out cannot be taken back.
    package func run(
        _ connection: Connection, tell: (LedgerProgress) -> Void = { _ in }, _ take: (String) -> Bool
    ) throws {
        try connection.transaction(.repeatableRead, timeout: Self.patience, retry: .once) { transaction in
            tell(.looking)
            let filter = try request.filter(transaction)
            let counted = try Ledger.report(transaction, UsageQuestion([request.span], filter: filter))
            let exact = UsageQuestion([request.span], by: [.flags], filter: filter)
            if let hour = try Ledger.hourWithoutRows(transaction, exact) { throw UsageProblem.rowsGone(hour) }
            tell(.begun(rows: Int(counted.reduce(0) { $0 + $1.sums.attempts })))
            if format == .csv, !take(UsageLine.header) { return }
            var pages = try LedgerPages(transaction, request.span, filter)
            while let rows = try pages.next(transaction) {
                let lines = rows.map { format == .csv ? UsageLine($0).csv : UsageLine($0).json }
                guard take(lines.joined(separator: "\n")) else { return }
                tell(.advanced(rows: rows.count))
            }
        }
    }

    /// For one page.
    private static let patience = Duration.seconds(300)
}

/// One row of the ledger in either format.
struct UsageLine {
    private let row: UsageRow

    init(_ row: UsageRow) { self.row = row }

    private enum Cell {
        case text(String?)
        case integer(Int64?)
        case boolean(Bool)
        /// JSON already.
        case json(String)
    }

    private var cells: [(name: String, cell: Cell)] {
        let terms = row.terms
        return [
            ("at", .text(SQLInstant.text(row.at))), ("org", .text(terms.org)), ("orgUID", .text(terms.orgUID)),
            ("project", .text(terms.project)), ("projectUID", .text(terms.projectUID)), ("member", .text(terms.member)),
            ("memberUID", .text(terms.memberUID)), ("key", .text(terms.key)), ("keyUID", .text(terms.keyUID)),
            ("tags", .json(terms.tags)), ("decision", .text(row.decision)), ("attempt", .integer(Int64(row.attempt))),
            ("endpoint", .text(terms.endpoint)), ("requestedModel", .text(terms.requestedModel)), ("route", .text(terms.route)),
            ("model", .text(terms.model)), ("status", .integer(Int64(row.status))), ("input", .integer(row.input)),
            ("output", .integer(row.output)), ("cacheRead", .integer(row.cacheRead)), ("cacheWrite", .integer(row.cacheWrite)),
            ("reasoning", .integer(row.reasoning)), ("otherMeters", .json(Self.meters(row.otherMeters))),
            ("tokens", .integer(row.tokens)), ("requests", .integer(row.requests)), ("costNanoUSD", .integer(row.cost.rawValue)),
            ("costUSD", .text(row.cost.dollars)), ("estimated", .boolean(row.estimated)),
            ("flags", .text(row.flags.names.joined(separator: "+"))), ("priceVersion", .text(terms.priceVersion)),
            ("revision", .integer(terms.revision)), ("latencyMs", .integer(row.latencyMs)), ("firstByteMs", .integer(row.firstByteMs)),
        ]
    }

    private static func meters(_ meters: [String: Int64]) -> String {
        JSONTree.object(meters.sorted { $0.key < $1.key }.map { ($0.key, .int($0.value)) }).text
    }

    var json: String {
        JSONTree.object(
            cells.map { name, cell in
                switch cell {
                case .text(let text): (name, .optional(text))
                case .integer(let number): (name, number.map(JSONTree.int) ?? .null)
                case .boolean(let flag): (name, .bool(flag))
                case .json(let json): (name, .raw(json))
                }
            }).text
    }

    var csv: String {
        cells.map { _, cell in
            switch cell {
            case .text(let text): Self.quoted(text ?? "")
            case .integer(let number): number.map { String($0) } ?? ""
            case .boolean(let flag): flag ? "true" : "false"
            case .json(let json): json == "{}" ? "" : Self.quoted(json)
            }
        }.joined(separator: ",")
    }

    static let header = UsageLine(UsageRow(
        at: Instant(milliseconds: 0),
        terms: UsageTerms(
            org: "", orgUID: "", key: "", keyUID: "", endpoint: "", requestedModel: "", model: "", revision: 0, priceVersion: ""),
        decision: "", attempt: 1, status: 0, cost: .zero, estimated: false, latencyMs: 0, detail: "")
    ).cells.map(\.name).joined(separator: ",")

    /// A client chooses the model that it asks for: a cell must not become a formula in whoever opens the file
    /// (OWASP, "CSV Injection"), so an apostrophe goes before what a spreadsheet takes for one.
    private static func quoted(_ text: String) -> String {
        let isFormula = text.utf8.first.map { "=+-@\t\r".utf8.contains($0) } ?? false
        let safe = isFormula ? "'" + text : text
        guard safe.utf8.contains(where: { "\",\n\r".utf8.contains($0) }) else { return safe }
        return "\"" + safe.replacing("\"", with: "\"\"") + "\""
    }
}
