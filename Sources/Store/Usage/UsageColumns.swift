internal import Spec

/// The ledger's columns, in one order for writing and reading.
enum UsageColumns {
    static let copyTarget = "charter.usage (\(list), epoch)"

    private static let list = "at, " + afterTime

    /// Everything but the time and the epoch.
    static let afterTime = """
        org_uid, project_uid, member_uid, key_uid, org, project, member, key, tags, decision, attempt, endpoint, requested_model,
        model, route, status, input, output, cache_read, cache_write, reasoning, other_meters, tokens, requests, cost, estimated,
        flags, revision, price_version, latency_ms, first_byte_ms, detail
        """

    /// The decision records are most of the ledger's bytes.
    static let afterTimeWithoutDetail = afterTime.replacing("first_byte_ms, detail", with: "first_byte_ms, ''")

    /// Of a row that was read: the time and what is after it.
    static let count = list.split(separator: ",").count

    static func copyRows(_ rows: [UsageRow], epoch: Int64) -> CopyRows {
        var copy = CopyRows()
        copy.reserve(rows.count * rowBytesUsual)
        for row in rows {
            copy.append(row.at)
            copy.append(columns: row.terms.subjectColumns)
            copy.append(row.decision)
            copy.append(Int64(row.attempt))
            copy.append(columns: row.terms.targetColumns)
            copy.append(amounts: row)
            copy.append(epoch)
            copy.endRow()
        }
        return copy
    }

    /// That a row is an attempt and no correction of one.
    static let isAttempt = "flags & \(UsageFlags.repriced.rawValue) = 0"

    private static let rowBytesUsual = 768
}

extension CopyRows {
    fileprivate mutating func append(amounts row: UsageRow) {
        append(Int64(row.status))
        append(row.input)
        append(row.output)
        append(row.cacheRead)
        append(row.cacheWrite)
        append(row.reasoning)
        append(row.otherMeters.isEmpty ? "{}" : JSONText.column(row.otherMeters))
        append(row.tokens)
        append(row.requests)
        append(row.cost.rawValue)
        append(row.estimated)
        append(Int64(row.flags.rawValue))
        append(columns: row.terms.priceColumns)
        append(row.latencyMs)
        if let firstByteMs = row.firstByteMs { append(firstByteMs) } else { append(nil as String?) }
        append(row.detail)
    }
}

extension UsageRow {
    /// Reads the time in milliseconds and then `UsageColumns.afterTime`.
    init(_ row: Row) throws(DatabaseError) {
        let terms = UsageTerms(
            org: try row.text(5), orgUID: try row.text(1), project: row.textOrNil(6), projectUID: row.textOrNil(2),
            member: row.textOrNil(7), memberUID: row.textOrNil(3), key: try row.text(8), keyUID: try row.text(4),
            endpoint: try row.text(12), requestedModel: try row.text(13), model: try row.text(14),
            route: row.textOrNil(15), revision: try row.integer(28), priceVersion: try row.text(29), tags: try row.text(9))
        self.init(
            at: try row.instant(0), terms: terms, decision: try row.text(10), attempt: Int(try row.integer(11)),
            status: Int(try row.integer(16)), input: try row.integer(17), output: try row.integer(18),
            cacheRead: try row.integer(19), cacheWrite: try row.integer(20), reasoning: try row.integer(21),
            otherMeters: Self.meters(try row.text(22)), tokens: try row.integer(23), requests: try row.integer(24),
            cost: NanoUSD(try row.integer(25)), estimated: try row.boolean(26),
            flags: UsageFlags(rawValue: UInt16(truncatingIfNeeded: try row.integer(27))), latencyMs: try row.integer(30),
            firstByteMs: row.integerOrNil(31), detail: try row.text(32))
    }

    private static func meters(_ text: String) -> [String: Int64] {
        var walk = JSONWalk(text)
        guard let members = try? walk.members() else { return [:] }
        return members.reduce(into: [:]) { meters, member in
            meters[walk.unescaped(member.name)] = Int64(walk.text(member.value))
        }
    }
}
