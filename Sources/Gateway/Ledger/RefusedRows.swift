internal import HTTP
internal import Spec
internal import Store

/// Rows that PostgreSQL will not take, whatever is done: they go to a file, so that they hold up nobody else's.
struct RefusedRows: Sendable {
    let path: String
    let log: Log

    init(_ directory: JournalDirectory, log: Log) {
        path = "\(directory.path)/refused.jsonl"
        self.log = log
    }

    /// Returns when the disk has them. A row may stand there twice after a crash, under the same decision and attempt.
    func keep(_ rows: [(row: UsageRow, reason: String)]) throws(DiskFault) {
        let file = try OpenFile(appending: path)
        try file.write(rows.flatMap { Self.line($0.row, $0.reason) }, at: try file.length())
        try file.synchronize()
        for (row, reason) in rows {
            log.error(
                "PostgreSQL refuses a row of the ledger; it is kept apart",
                ["decision": row.decision, "org": row.terms.org, "reason": reason, "path": path])
        }
    }

    private static func line(_ row: UsageRow, _ reason: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("reason", reason)
        writer.member("at", row.at.milliseconds)
        writer.member("org", row.terms.org)
        writer.member("orgUID", row.terms.orgUID)
        writer.member("key", row.terms.key)
        writer.member("keyUID", row.terms.keyUID)
        writer.member("model", row.terms.model)
        writer.member("decision", row.decision)
        writer.member("attempt", Int64(row.attempt))
        writer.member("status", Int64(row.status))
        for (name, count) in [
            ("input", row.input), ("output", row.output), ("cacheRead", row.cacheRead), ("cacheWrite", row.cacheWrite),
            ("reasoning", row.reasoning), ("costNanoUSD", row.cost.rawValue),
        ] { writer.member(name, count) }
        for (meter, count) in row.otherMeters { writer.member(meter, count) }
        writer.member("priceVersion", row.terms.priceVersion)
        writer.endObject()
        return writer.bytes + [UInt8(ascii: "\n")]
    }
}
