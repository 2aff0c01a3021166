package import Spec
package import Store

/// A point in the history of the applied state, as people name it.
package enum Moment: Hashable, Sendable {
    /// The newest revision, or so many before it.
    case latest(back: Int64)
    case revision(Int64)
    /// What was in force then.
    case time(Instant)
    /// So long before now.
    case ago(Duration)
    /// The newest revision of the commit whose id begins so.
    case commit(String)

    /// The fewest digits of a commit's id that are taken for one, as `git log --abbrev` has it at least.
    private static let commitDigitsMin = 4

    /// `12`, `latest`, `latest~2`, `2026-11-21`, `2026-11-21T09:00:00Z`, `2h`, or a commit's id or its beginning.
    package static func parse(_ text: String) throws(UsageError) -> Moment {
        if let moment = latest(text) ?? revision(text) { return moment }
        if let ago = Duration.age(text) { return .ago(ago) }
        if text.contains("-") {
            do { return .time(try Instant.parse(text)) } catch {
                throw .wrong("\"\(text.printable)\" is not a moment: \(error.message)", hint: "write 2026-11-21 or 2026-11-21T09:00:00Z")
            }
        }
        let hex = text.lowercased()
        guard (commitDigitsMin...40).contains(hex.utf8.count),
            hex.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
        else {
            throw .wrong(
                "\"\(text.printable)\" is neither a revision nor a time",
                hint: "write a revision's number, `latest`, `latest~1`, 2026-11-21T09:00:00Z, 2h for two hours ago, or a commit")
        }
        return .commit(hex)
    }

    /// Both ends of `A..B`; an end that is left out is the newest revision.
    package static func range(_ text: String) throws(UsageError) -> (from: Moment, to: Moment) {
        let ends = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        // Fractions of seconds have a single dot, so the two of the range are found from the empty part between them.
        guard let gap = ends.firstIndex(of: ""), gap > 0, ends[(gap + 1)...].contains(where: { !$0.isEmpty }) || gap == ends.count - 2
        else {
            throw .wrong("\"\(text.printable)\" is not two revisions", hint: "write 3..7, or 3.. for what came since")
        }
        let to = ends[(gap + 1)...].joined(separator: ".")
        return (try parse(ends[..<gap].joined(separator: ".")), to.isEmpty ? .latest(back: 0) : try parse(to))
    }

    private static func latest(_ text: String) -> Moment? {
        guard text.hasPrefix("latest") else { return nil }
        let rest = text.dropFirst("latest".count)
        if rest.isEmpty { return .latest(back: 0) }
        guard rest.first == "~", let back = number(rest.dropFirst()) else { return nil }
        return .latest(back: back)
    }

    private static func revision(_ text: String) -> Moment? { number(text[...]).map(Moment.revision) }

    /// Digits alone, and so few that no commit's whole id is taken for a number.
    private static func number(_ text: Substring) -> Int64? {
        text.utf8.allSatisfy { (48...57).contains($0) } && text.utf8.count <= 18 ? Int64(text) : nil
    }

    /// The revision that is meant.
    package func resolve(_ transaction: Transaction) throws -> Revision {
        guard let newest = try Revisions.current(transaction) else { throw HistoryProblem.nothingApplied }
        switch self {
        case .latest(let back): return try Self.one(newest.id - back, newest, transaction)
        case .revision(let id): return try Self.one(id, newest, transaction)
        case .time(let instant): return try Self.at(instant, transaction)
        case .ago(let duration):
            return try Self.at(Instant(milliseconds: Instant.now.milliseconds - duration.wholeMilliseconds), transaction)
        case .commit(let hex):
            guard let found = try Revisions.of(transaction, commit: hex) else { throw HistoryProblem.noCommit(hex) }
            return found
        }
    }

    private static func one(_ id: Int64, _ newest: Revision, _ transaction: Transaction) throws -> Revision {
        guard let found = try Revisions.one(transaction, id) else { throw HistoryProblem.noRevision(id, newest: newest.id) }
        return found
    }

    private static func at(_ instant: Instant, _ transaction: Transaction) throws -> Revision {
        guard let found = try Revisions.at(transaction, instant) else { throw HistoryProblem.beforeTheFirst(instant) }
        return found
    }
}

/// Why a question about the past has no answer.
package enum HistoryProblem: Error, Hashable, Sendable, CustomStringConvertible {
    case nothingApplied
    case noRevision(Int64, newest: Int64)
    case noCommit(String)
    case beforeTheFirst(Instant)
    case noResource(String, near: String?)
    case noField(String, of: ResourceKey)
    case ambiguous([ResourceKey])

    package var description: String {
        switch self {
        case .nothingApplied: "nothing was applied yet"
        case .noRevision(let id, let newest): "there is no revision \(id); the newest is \(newest)"
        case .noCommit(let hex): "no revision brought a commit \(hex)"
        case .beforeTheFirst(let instant): "nothing was applied yet at \(instant.iso8601)"
        case .noResource(let name, let near):
            "there is no \(name.printable)" + (near.map { "; did you mean `\($0.printable)`?" } ?? "")
        case .noField(let field, let key): "\(key) has no field `\(field.printable)`"
        case .ambiguous(let keys):
            "several are called so: \(keys.map(\.description).joined(separator: ", ")); say which one by its whole name"
        }
    }
}
