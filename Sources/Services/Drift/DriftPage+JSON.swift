package import Spec
package import Store

extension DriftPage {
    /// Everything; names are part of the interface.
    package var json: JSONTree {
        .object([
            ("format", .int(1)),
            ("base", base.map { .object([("revision", .int($0.revision)), ("commit", .string($0.commit))]) } ?? .null),
            ("population", population.map { .int(Int64($0)) } ?? .null),
            ("at", .string(at.iso8601)), ("blame", .string(blame.rawValue)),
            ("drift", .array(resources.map { Self.json(of: $0) })),
        ])
    }

    /// What is kept, the newest first.
    package var listJSON: JSONTree {
        .object([
            ("format", .int(1)), ("at", .string(at.iso8601)), ("blame", .string(blame.rawValue)), ("findings", .array(findings.map(\.json))),
            ("more", .bool(isCut)),
        ])
    }

    /// The findings of each resource, in their order.
    var resources: [[DriftFinding]] {
        var order: [String] = []
        var groups: [String: [DriftFinding]] = [:]
        for finding in findings {
            if groups[finding.uid] == nil { order.append(finding.uid) }
            groups[finding.uid, default: []].append(finding)
        }
        return order.compactMap { groups[$0] }
    }

    private static func json(of findings: [DriftFinding]) -> JSONTree {
        let first = findings[0]
        let isWhole = first.isWhole
        let head: [(String, JSONTree)] = [
            ("finding", .string(first.aspect.rawValue)), ("resource", .string(first.resource)), ("uid", .string(first.uid)),
            ("place", .optional(first.place?.description)), ("fields", .array(findings.filter { !$0.isWhole }.map(\.json))),
        ]
        return .object(head + (isWhole ? first.kept : []))
    }
}

extension DriftFinding {
    /// One field, or one row, with what is kept of it.
    package var json: JSONTree {
        let head: [(String, JSONTree)] = [
            ("resource", .string(resource)), ("finding", .string(aspect.rawValue)), ("field", .string(pointer)), ("path", .string(label)),
            ("wanted", value(wanted)), ("found", value(found)), ("place", .optional(place?.description)),
        ]
        return .object(head + kept)
    }

    /// What was found may not be JSON at all, or is cut, so it is a text then, as a whole row's always is.
    private func value(_ text: String?) -> JSONTree {
        guard let text, !pointer.isEmpty else { return .optional(text) }
        var walk = JSONWalk(text)
        return (try? walk.value()) != nil && (try? walk.finish()) != nil ? .raw(text) : .string(text)
    }

    fileprivate var kept: [(String, JSONTree)] {
        [
            ("state", .string(state.rawValue)), ("direction", .string(direction.rawValue)),
            ("unit", .optional(unit.isEmpty ? nil : unit)),
            ("first_seen", .optional(firstSeen?.iso8601)), ("last_seen", .optional(lastSeen?.iso8601)),
            ("settled_at", .optional(settledAt?.iso8601)), ("contested_since", .optional(contestedSince?.iso8601)),
            ("revert_asked_by", .optional(revertAskedBy)), ("adoption", adoption?.json ?? .null),
            (
                "tolerated",
                toleration.map {
                    .object([("until", .string($0.until.iso8601)), ("by", .string($0.actor)), ("reason", .string($0.reason))])
                } ?? .null
            ),
            ("blame", write?.json ?? .null),
        ]
    }
}

extension DriftFinding.Adoption {
    fileprivate var json: JSONTree {
        .object([
            ("change", .string(change)), ("state", .string(state.rawValue)), ("branch", .optional(branch)), ("reason", .optional(reason)),
        ])
    }
}

extension DriftWrite {
    fileprivate var json: JSONTree {
        .object([
            ("role", .string(sessionRole)), ("acting_role", .string(actingRole)), ("application", .string(application)),
            ("address", .optional(address)), ("at", .string(at.iso8601)), ("transaction", .int(transaction)),
            ("operation", .string(operation)), ("relation", .string(relation)), ("rows", rows.map { .int($0) } ?? .null),
            ("statement", .string(statement)),
        ])
    }
}
