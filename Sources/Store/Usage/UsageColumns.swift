internal import Spec

/// The ledger's columns, in one order for writing and reading.
enum UsageColumns {
    static let copyTarget = "charter.usage (\(list), epoch)"

    private static let list = "at, " + afterTime

    /// Everything but the time and the epoch.
    static let afterTime = """
        org_uid, project_uid, member_uid, key_uid, org, project, member, key, decision, attempt, endpoint, requested_model,
        model, route, status, input, output, cache_read, cache_write, reasoning, other_meters, tokens, requests, cost, estimated,
        revision, price_version, latency_ms, first_byte_ms, detail
        """

    static func copyRows(_ rows: [UsageRow], epoch: Int64) -> CopyRows {
        var copy = CopyRows()
        for row in rows {
            copy.append(SQLInstant.text(row.at))
            copy.append(names: row)
            copy.append(amounts: row)
            copy.append(epoch)
            copy.endRow()
        }
        return copy
    }
}

extension CopyRows {
    fileprivate mutating func append(names row: UsageRow) {
        append(row.orgUID)
        append(row.projectUID)
        append(row.memberUID)
        append(row.keyUID)
        append(row.org)
        append(row.project)
        append(row.member)
        append(row.key)
        append(row.decision)
        append(Int64(row.attempt))
        append(row.endpoint)
        append(row.requestedModel)
        append(row.model)
        append(row.route)
    }

    fileprivate mutating func append(amounts row: UsageRow) {
        append(Int64(row.status))
        for amount in [row.input, row.output, row.cacheRead, row.cacheWrite, row.reasoning] { append(amount) }
        append(JSONText.object(row.otherMeters))
        for amount in [row.tokens, row.requests, row.cost.rawValue] { append(amount) }
        append(row.estimated)
        append(row.revision)
        append(row.priceVersion)
        append(row.latencyMs)
        append(row.firstByteMs.map { String($0) })
        append(row.detail)
    }
}

extension UsageRow {
    /// Reads the time in milliseconds and then `UsageColumns.afterTime`.
    init(_ row: Row) throws(DatabaseError) {
        self.init(
            at: try row.instant(0), org: try row.text(5), orgUID: try row.text(1), project: row.textOrNil(6),
            projectUID: row.textOrNil(2), member: row.textOrNil(7), memberUID: row.textOrNil(3), key: try row.text(8),
            keyUID: try row.text(4), decision: try row.text(9), attempt: Int(try row.integer(10)),
            endpoint: try row.text(11), requestedModel: try row.text(12), model: try row.text(13),
            route: row.textOrNil(14), status: Int(try row.integer(15)), input: try row.integer(16),
            output: try row.integer(17), cacheRead: try row.integer(18), cacheWrite: try row.integer(19),
            reasoning: try row.integer(20), otherMeters: Self.meters(try row.text(21)), tokens: try row.integer(22),
            requests: try row.integer(23), cost: NanoUSD(try row.integer(24)), estimated: try row.boolean(25),
            revision: try row.integer(26), priceVersion: try row.text(27), latencyMs: try row.integer(28),
            firstByteMs: row.integerOrNil(29), detail: try row.text(30))
    }

    private static func meters(_ text: String) -> [String: Int64] {
        var scanner = JSONScanner(text)
        guard let members = try? scanner.members() else { return [:] }
        return members.reduce(into: [:]) { meters, member in
            meters[scanner.unescaped(member.name)] = Int64(scanner.text(member.value))
        }
    }
}
