internal import Spec

/// Cells on their way into a statement, one array for each column.
enum CellColumns {
    /// Yields the columns of `charter.cell` and the parts of the window: whole hours, what lies before and what after them.
    static let unnested = """
        unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::text[], $7::uuid[], $8::uuid[],
            $9::uuid[], $10::uuid[], $11::text[], $12::text[], $13::timestamptz[], $14::timestamptz[], $15::timestamptz[],
            $16::timestamptz[]) WITH ORDINALITY AS s (uid, meter, "window", window_start, window_end, model, org_uid,
            project_uid, member_uid, key_uid, models, patterns, hours_from, hours_to, before_to, after_from, position)
        """

    static func values(_ seeds: [CellSeed]) -> [SQLValue] {
        let hours = seeds.map { WholeHours(from: $0.id.windowStart, to: $0.windowEnd) }
        return [
            .texts(seeds.map(\.id.uid)), .texts(seeds.map(\.id.meter.rawValue)), .texts(seeds.map(\.id.window.rawValue)),
            .instants(seeds.map(\.id.windowStart)), .instants(seeds.map(\.windowEnd)), .texts(seeds.map(\.id.model)),
            .texts(seeds.map(\.subject.orgUID)), .texts(seeds.map(\.subject.projectUID)),
            .texts(seeds.map(\.subject.memberUID)), .texts(seeds.map(\.subject.keyUID)),
            // Arrays of different lengths cannot stand in one array, so each travels as its own text form.
            .texts(seeds.map { $0.subject.models.flatMap { SQLValue.texts($0).text } }),
            .texts(seeds.map { $0.subject.likePatterns.flatMap { SQLValue.texts($0).text } }),
            .instants(hours.map(\.hoursFrom)), .instants(hours.map(\.hoursTo)), .instants(hours.map(\.beforeTo)),
            .instants(hours.map(\.afterFrom)),
        ]
    }
}

/// A window cut at full hours of UTC, in which the rollup counts.
struct WholeHours: Hashable, Sendable {
    var hoursFrom: Instant
    var hoursTo: Instant
    /// The end of what lies before the first full hour; the window's start when there is nothing.
    var beforeTo: Instant
    /// The start of what lies after the last full hour; the window's end when there is nothing.
    var afterFrom: Instant

    init(from start: Instant, to end: Instant) {
        hoursFrom = Self.hour(of: Instant(milliseconds: start.milliseconds + RollupGrain.hour.milliseconds - 1))
        hoursTo = Self.hour(of: end)
        beforeTo = min(hoursFrom, end)
        afterFrom = max(hoursTo, beforeTo)
    }

    /// The full hour in which the moment lies.
    static func hour(of instant: Instant) -> Instant {
        RollupGrain.hour.start(of: instant)
    }
}
