internal import Policy
package import Spec
package import Store

/// `charter override list`, and what status, drift and plans say of overrides.
package struct OverrideListing: Sendable {
    package let overrides: [Override]
    /// What is in force and this program cannot read.
    private let unreadable: [UnreadableOverride]
    /// Why one changes nothing, by its uid.
    private let problems: [String: String]
    /// By the database's clock.
    private let now: Instant

    /// Those in force, or with `ended` the newest thousand of all that the tenancy sees; reads alone.
    package init(_ connection: Connection, _ tenancy: Tenancy = .everything, ended: Bool = false) throws {
        (overrides, unreadable, problems, now) = try connection.transaction(.repeatableRead) { transaction in
            let rows = try Overrides.rowsInForce(transaction, tenancy)
            let found = try ended ? Overrides.list(transaction, tenancy, limit: Self.listedMax) : rows.overrides
            return (found, rows.unreadable, try Self.problems(of: rows.overrides, transaction), try transaction.clock())
        }
    }

    /// Lays those in force over what is declared, as every gateway does, and keeps why one cannot be.
    private static func problems(of overrides: [Override], _ transaction: Transaction) throws -> [String: String] {
        let patching = overrides.filter { $0.effect != .denial }
        guard !patching.isEmpty else { return [:] }
        let rows = try Resources.list(transaction, uids: patching.map(\.targetUID), keys: [])
        let byTarget = Dictionary(rows.map { ($0.uid, $0) }) { first, _ in first }
        var problems: [String: String] = [:]
        for (target, overrides) in Dictionary(grouping: patching, by: \.targetUID) {
            guard let row = byTarget[target], let declared = try? Resource.decode(key: row.key, canonical: row.canonical),
                var patched = try? PatchedResource(declared)
            else {
                for override in overrides { problems[override.uid] = "\(override.target) is not declared any more" }
                continue
            }
            for override in overrides {
                guard case .patch(let patch) = override.effect else { continue }
                do throws(PatchProblem) { try patched.lay(patch, number: 0) } catch { problems[override.uid] = "\(error)" }
            }
        }
        return problems
    }

    private static let listedMax = 1_000

    package var text: String {
        if overrides.isEmpty, unreadable.isEmpty { return "No overrides." }
        let head = ["ID", "RESOURCE", "EFFECT", "OWNER", "SINCE", "UNTIL", "REASON"]
        let rows = overrides.map { override in
            [
                override.shortID, override.subject, override.effectText, override.owner.printable, override.createdAt.iso8601,
                until(override), override.reason.printable,
            ]
        }
        let remarks = overrides.compactMap(problem) + unreadable.map(\.description.printable)
        return ([FigureTable([head] + rows, labels: head.count).text] + remarks).joined(separator: "\n")
    }

    /// A line on one that changes nothing.
    private func problem(_ override: Override) -> String? {
        problems[override.uid].map { "\(override.shortID) changes nothing: \($0.printable)" }
    }

    /// A paragraph for a report on what is in force; empty where nothing is.
    package var remark: String {
        let inForce = overrides.filter { $0.isInForce(at: now) }
        if inForce.isEmpty, unreadable.isEmpty { return "" }
        let lines = inForce.map { override in
            "  \(override.shortID)  \(override.subject)  \(override.effectText)  by \(override.owner.printable) until "
                + "\(override.expiresAt.iso8601): \(override.reason.printable)"
        }
        let remarks = inForce.compactMap(problem) + unreadable.map(\.description.printable)
        return (["overridden, beside what is declared; charter override end ID ends one"] + lines + remarks.map { "  " + $0 })
            .joined(separator: "\n")
    }

    /// A report with a paragraph more.
    package func added(to text: String) -> String { remark.isEmpty ? text : text + "\n\n" + remark }

    /// A report's object with a member more.
    package func added(to json: JSONTree) -> JSONTree {
        guard case .object(let members) = json else { return json }
        return .object(members + [("overrides", list)])
    }

    package var json: JSONTree {
        .object([("format", .int(1)), ("overrides", list), ("unreadable", .array(unreadable.map { .string($0.description) }))])
    }

    private var list: JSONTree {
        .array(
            overrides.map { override in
                guard case .object(let members) = override.json else { return override.json }
                return .object(members + [("problem", .optional(problems[override.uid]))])
            })
    }

    private func until(_ override: Override) -> String {
        if let ended = override.endedAt { return "ended \(ended.iso8601) by \(override.endedBy?.printable ?? "")" }
        return override.isInForce(at: now) ? override.expiresAt.iso8601 : "expired \(override.expiresAt.iso8601)"
    }
}

extension Override {
    /// As much of the id as people need.
    package var shortID: String { String(uid.prefix(8)) }

    var effectText: String {
        switch effect {
        case .denial: "denied"
        case .patch(let patch):
            patch.ordered.map { field in
                let element = patch.elements[field.pointer].map { " of `\($0)`" } ?? ""
                return "\(field.pointer.dropFirst("/spec/".count))\(element)=\(field.value)"
            }.joined(separator: " ").printable
        }
    }

    package var json: JSONTree {
        let patch: ResourcePatch? = if case .patch(let patch) = effect { patch } else { nil }
        return .object([
            ("id", .string(uid)), ("resource", .string(target.description)), ("model", .optional(part)),
            ("denies", .bool(effect == .denial)), ("patch", patch.map { .raw($0.json) } ?? .null),
            ("elements", patch.map { .raw($0.elementsJSON) } ?? .null), ("owner", .string(owner)), ("reason", .string(reason)),
            ("baseRevision", .int(baseRevision)), ("createdAt", .string(createdAt.iso8601)), ("expiresAt", .string(expiresAt.iso8601)),
            ("endedAt", .optional(endedAt?.iso8601)), ("endedBy", .optional(endedBy)), ("gateway", .optional(gateway)),
            ("change", .optional(change)),
        ])
    }
}
