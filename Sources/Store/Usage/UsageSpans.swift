package import Spec

/// Usage over a time, to be summed in parts.
package struct UsageSpan: Hashable, Sendable {
    package var meter: CellMeter
    package var subject: UsageSubject
    /// Only usage of keys that carried it counts; nil for all.
    package var tag: Tag?
    /// Only usage of keys that were ever minted in this pool counts; nil for all.
    package var poolUID: String?
    package var from: Instant
    package var to: Instant
    /// Milliseconds; parts begin at its multiples since 1970. Parts shorter than an hour are read from the rows, longer ones from
    /// the hours of the rollup, so both ends should be whole hours then, or the time not be cut in parts at all.
    package var part: Int64
    /// Whether every requested name is summed apart.
    package var isPerName: Bool

    package init(
        meter: CellMeter, subject: UsageSubject, tag: Tag?, poolUID: String? = nil, from: Instant, to: Instant, part: Int64,
        isPerName: Bool = false
    ) {
        self.meter = meter
        self.subject = subject
        self.tag = tag
        self.poolUID = poolUID
        self.from = from
        self.to = to
        self.part = part
        self.isPerName = isPerName
    }

    /// One part, however long the time is.
    package static let whole = Int64.max / 1_000
}

/// The sum of one part of a time.
package struct UsagePart: Hashable, Sendable {
    /// Position among the spans that were asked for.
    package var span: Int
    /// The beginning of the part.
    package var from: Instant
    package var amount: Int64
    /// What the client named, a route or `provider/model`, where each name is summed apart; else empty.
    package var name = ""
}

extension RecentUsage {
    /// The sums of all parts in which something was used.
    package static func parts(_ transaction: Transaction, _ spans: [UsageSpan]) throws(DatabaseError) -> [UsagePart] {
        // Two statements, as only the one that always asks whose a key is can begin with the keys of a pool.
        let (ofPools, others) = (spans.indices.filter { spans[$0].poolUID != nil }, spans.indices.filter { spans[$0].poolUID == nil })
        var parts: [UsagePart] = []
        for (places, key) in [(ofPools, mintedInPool), (others, ofKeyOrAll)] where !places.isEmpty {
            for row in try transaction.query(statement(key: key), values(places.map { spans[$0] })) {
                let place = places[Int(try row.integer(0)) - 1]
                let from = Instant(milliseconds: try row.integer(1) * spans[place].part)
                parts.append(UsagePart(span: place, from: from, amount: try row.integer(3), name: try row.text(2)))
            }
        }
        return parts
    }

    private static func values(_ spans: [UsageSpan]) -> [SQLValue] {
        let hours = spans.map(\.hours)
        return [
            .texts(spans.map(\.meter.rawValue)), .texts(spans.map(\.subject.orgUID)),
            .texts(spans.map(\.subject.projectUID)), .texts(spans.map(\.subject.memberUID)),
            .texts(spans.map(\.subject.keyUID)),
            .texts(spans.map { $0.subject.likePatterns.flatMap { SQLValue.texts($0).text } }),
            .texts(spans.map { $0.tag.map(\.json) }), .instants(spans.map(\.from)), .instants(spans.map(\.to)),
            .instants(hours.map(\.hoursFrom)), .instants(hours.map(\.hoursTo)), .instants(hours.map(\.beforeTo)),
            .instants(hours.map(\.afterFrom)), .integers(spans.map(\.part)), .texts(spans.map(\.poolUID)),
            .booleans(spans.map(\.isPerName)),
        ]
    }

    private static let ofKeyOrAll = "s.key_uid IS NULL OR u.key_uid = s.key_uid"
    private static let mintedInPool =
        "EXISTS (SELECT FROM charter.delegated_key d WHERE d.uid = u.key_uid AND d.parent_uid = s.pool_uid)"

    private static func statement(key: String) -> String {
        """
        SELECT s.position, n.part, n.name, \(ClampedSum.clamped("sum(n.amount)"))
        FROM unnest($1::text[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::timestamptz[],
            $9::timestamptz[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[], $13::timestamptz[], $14::bigint[],
            $15::uuid[], $16::boolean[])
            WITH ORDINALITY AS s (meter, org_uid, project_uid, member_uid, key_uid, patterns, tag, window_start, window_end,
            hours_from, hours_to, before_to, after_from, part, pool_uid, per_name, position)
        CROSS JOIN LATERAL (
            \(part(of: "charter.usage_hour", "u.hour", key, "u.hour >= s.hours_from AND u.hour < s.hours_to"))
            UNION ALL \(part(of: "charter.usage", "u.at", key, "u.at >= s.window_start AND u.at < s.before_to"))
            UNION ALL \(part(of: "charter.usage", "u.at", key, "u.at >= s.after_from AND u.at < s.window_end"))) n
        GROUP BY 1, 2, 3
        """
    }

    private static func part(of table: String, _ column: String, _ key: String, _ time: String) -> String {
        """
        SELECT floor(extract(epoch FROM \(column)) * 1000 / s.part)::bigint AS part,
            CASE WHEN s.per_name THEN \(UsageTerms.countedName) ELSE '' END AS name, \(Cells.amount) AS amount
            FROM \(table) u WHERE \(Cells.isCounted(key, time)) AND (s.tag IS NULL OR u.tags @> s.tag::jsonb)
        """
    }
}

extension UsageSpan {
    fileprivate var hours: WholeHours {
        var hours = WholeHours(from: from, to: to)
        if part < RollupGrain.hour.milliseconds {
            (hours.hoursFrom, hours.hoursTo, hours.beforeTo, hours.afterFrom) = (from, from, to, to)
        }
        return hours
    }
}

extension Tag {
    fileprivate var json: String {
        var text = JSONText(capacity: 64)
        text.object { text in
            text.name(name)
            text.string(value)
        }
        return text.json
    }
}
