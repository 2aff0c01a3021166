/// Keys that have expired, or will soon without a successor.
struct KeyExpiry {
    private(set) var diagnostics: [Diagnostic] = []

    /// How long before its end a key is spoken of: two weeks leave time to hand out a new secret.
    private static let daysOfWarning: Int64 = 14

    init(_ graph: Graph, now: Instant) {
        for (key, declared) in graph.inOrder where key.kind == .apiKey {
            guard let resource = declared.document.resource, case .apiKey(let spec) = resource.body else { continue }
            if let found = Self.diagnostic(spec, resource, now) { diagnostics.append(found) }
        }
    }

    private static func diagnostic(_ key: APIKey, _ resource: Resource, _ now: Instant) -> Diagnostic? {
        guard let end = end(of: key) else { return nil }
        let soon = Instant(milliseconds: now.milliseconds + daysOfWarning * CivilDate.millisecondsPerDay)
        guard end.at <= soon else { return nil }
        let isOver = end.at <= now
        let subject =
            switch (end.pointer, key.secrets.count) {
            case ("/spec/expires", _): "the key"
            case (_, 1): "the secret of the key"
            default: isOver ? "every secret of the key" : "the last secret of the key"
            }
        return Diagnostic(
            isOver ? .keyExpired : .keyExpiresSoon, ofValueAt: resource.spans.nearest(end.pointer) ?? resource.place,
            isOver ? "\(subject) has expired" : "\(subject) expires \(remaining(until: end.at, from: now))",
            hint: end.pointer == "/spec/expires"
                ? "move `expires`, or remove the key" : "add a secret that `charter keys new` prints, or remove the key")
    }

    /// The moment from which on nothing opens the key, and the field that says it; nil where there is none.
    private static func end(of key: APIKey) -> (at: Instant, pointer: String)? {
        var ends: [(at: Instant, pointer: String)] = []
        if let expires = key.expires { ends.append((expires, "/spec/expires")) }
        let untils = key.secrets.map(\.until)
        if !untils.isEmpty, !untils.contains(nil),
            let last = untils.indices.max(by: { untils[$0]?.milliseconds ?? 0 < untils[$1]?.milliseconds ?? 0 }),
            let until = untils[last]
        {
            ends.append((until, "/spec/secrets/\(last)/until"))
        }
        return ends.min { $0.at < $1.at }
    }

    private static func remaining(until end: Instant, from now: Instant) -> String {
        let days = (end.milliseconds - now.milliseconds) / CivilDate.millisecondsPerDay
        return switch days {
        case 0: "within a day"
        case 1: "in 1 day"
        default: "in \(days) days"
        }
    }
}
