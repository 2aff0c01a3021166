internal import Policy
package import Spec
package import Store

/// `charter override list`, and what status, drift and plans say of overrides.
package struct OverrideListing: Sendable {
    package let overrides: [Override]
    /// By the database's clock.
    private let now: Instant

    /// Those in force, or with `ended` the newest thousand of all that the tenancy sees; reads alone.
    package init(_ connection: Connection, _ tenancy: Tenancy = .everything, ended: Bool = false) throws {
        (overrides, now) = try connection.transaction(.repeatableRead) { transaction in
            let found = try ended
                ? Overrides.list(transaction, tenancy, limit: Self.listedMax) : Overrides.inForce(transaction, tenancy)
            return (found, try transaction.clock())
        }
    }

    private static let listedMax = 1_000

    package var text: String {
        if overrides.isEmpty { return "No overrides." }
        let head = ["ID", "RESOURCE", "EFFECT", "OWNER", "SINCE", "UNTIL", "REASON"]
        let rows = overrides.map { override in
            [
                override.shortID, override.subject, override.effectText, override.owner.printable, override.createdAt.iso8601,
                until(override), override.reason.printable,
            ]
        }
        return FigureTable([head] + rows, labels: head.count).text
    }

    /// A paragraph for a report on what is in force; empty where nothing is.
    package var remark: String {
        let inForce = overrides.filter { $0.isInForce(at: now) }
        if inForce.isEmpty { return "" }
        let lines = inForce.map { override in
            "  \(override.shortID)  \(override.subject)  \(override.effectText)  by \(override.owner.printable) until "
                + "\(override.expiresAt.iso8601): \(override.reason.printable)"
        }
        return (["overridden, beside what is declared; charter override end ID ends one"] + lines).joined(separator: "\n")
    }

    /// A report with a paragraph more.
    package func added(to text: String) -> String { remark.isEmpty ? text : text + "\n\n" + remark }

    /// A report's object with a member more.
    package func added(to json: JSONTree) -> JSONTree {
        guard case .object(let members) = json else { return json }
        return .object(members + [("overrides", list)])
    }

    package var json: JSONTree { .object([("format", .int(1)), ("overrides", list)]) }

    private var list: JSONTree { .array(overrides.map(\.json)) }

    private func until(_ override: Override) -> String {
        if let ended = override.endedAt { return "ended \(ended.iso8601) by \(override.endedBy?.printable ?? "")" }
        return override.isInForce(at: now) ? override.expiresAt.iso8601 : "expired \(override.expiresAt.iso8601)"
    }
}

extension Override {
    /// As much of the id as people need.
    package var shortID: String { String(uid.prefix(8)) }

    fileprivate var effectText: String {
        switch effect {
        case .denial: "denied"
        case .patch(let patch): patch.ordered.map { "\($0.pointer.dropFirst("/spec/".count))=\($0.value)" }.joined(separator: " ").printable
        }
    }

    package var json: JSONTree {
        let patch: JSONTree = if case .patch(let patch) = effect { .raw(patch.json) } else { .null }
        return .object([
            ("id", .string(uid)), ("resource", .string(target.description)), ("model", .optional(part)),
            ("denies", .bool(effect == .denial)), ("patch", patch), ("owner", .string(owner)), ("reason", .string(reason)),
            ("baseRevision", .int(baseRevision)), ("createdAt", .string(createdAt.iso8601)), ("expiresAt", .string(expiresAt.iso8601)),
            ("endedAt", .optional(endedAt?.iso8601)), ("endedBy", .optional(endedBy)), ("gateway", .optional(gateway)),
        ])
    }
}
