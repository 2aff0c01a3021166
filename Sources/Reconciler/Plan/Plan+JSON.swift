internal import Crypto
package import Spec
internal import Store

extension Plan {
    /// The plan for machines; `format` is raised when a member changes its meaning, new members may appear.
    package func json(blocks: [GuardBlock] = []) -> JSONTree {
        .object([
            ("format", .int(1)),
            ("unit", .string(unit)),
            ("base", base.map { .object([("revision", .int($0.revision)), ("commit", .string($0.commit))]) } ?? .null),
            ("tip", tip.json),
            ("fast_forward", .bool(isFastForward)),
            ("movement", .optional(movement?.name)),
            ("verification", verification?.json ?? .null),
            ("drift_known", .bool(isDriftKnown)),
            ("digest", .string(digest.hex)),
            ("drift", .array(drift.map(\.json))),
            ("changes", .array(changes.map(\.json))),
            ("retained", .array(retained.map { .string("\($0)") })),
            ("blocks", .array(blocks.map(\.json))),
            ("not_asked", .array(unasked.map { .string($0.rawValue) })),
            ("tally", tally.json),
            ("state_digest", .string(stateDigest.hex)),
        ])
    }
}

extension Commit {
    package var json: JSONTree {
        .object([
            ("commit", .string(id.hex)), ("author", .string(author)), ("summary", .string(summary)),
            ("committed_at", .string(committedAt.iso8601)),
        ])
    }
}

extension Tally {
    package var json: JSONTree {
        .object([
            ("created", .int(Int64(created))), ("updated", .int(Int64(updated))), ("renamed", .int(Int64(renamed))),
            ("deleted", .int(Int64(deleted))), ("drifted", .int(Int64(drifted))),
        ])
    }
}

extension Change {
    package var json: JSONTree {
        let (name, from): (String, ResourceKey?) =
            switch action {
            case .create: ("create", nil)
            case .update: ("update", nil)
            case .rename(let from, _): ("rename", from)
            case .delete: ("delete", nil)
            }
        return .object([
            ("action", .string(name)), ("resource", .string("\(key)")), ("uid", .optional(uid)),
            ("from", .optional(from.map { "\($0)" })), ("place", .optional(place?.description)),
            ("old_place", .optional(oldPlace?.description)), ("origin", origin.json), ("risk", .string(risk.name)),
            (
                "reason",
                reason.map { .object([("code", .string($0.code)), ("message", .string($0.text))]) } ?? .null
            ),
            ("lookalike", .optional(lookalike.map { "\($0)" })), ("other_fields", .int(Int64(otherFields))),
            ("fields", .array(fields.map(\.json))),
        ])
    }
}

extension FieldChange {
    package var json: JSONTree {
        // A text that is no JSON is compared as a whole.
        let isWhole = pointer.isEmpty
        return .object([
            ("field", .string(pointer)), ("path", .string(path)),
            ("old", isWhole ? .optional(old) : .optionalRaw(old)), ("new", isWhole ? .optional(new) : .optionalRaw(new)),
            ("place", .optional(place?.description)), ("old_place", .optional(oldPlace?.description)),
            ("conflict", .bool(isConflict)), ("found", isWhole ? .optional(found) : .optionalRaw(found)),
        ])
    }
}

extension Drift {
    package var json: JSONTree {
        let (name, fields): (String, [FieldDrift]) =
            switch finding {
            case .changed(let fields): ("changed", fields)
            case .record(let aspect, let fields): (aspect.rawValue, fields)
            case .missing: ("missing", [])
            case .unexpected: ("unexpected", [])
            }
        return .object([
            ("finding", .string(name)), ("resource", .string(resource)), ("uid", .string(uid)),
            ("place", .optional(place?.description)), ("fields", .array(fields.map(\.json))),
        ])
    }
}

extension FieldDrift {
    fileprivate var json: JSONTree {
        // What was found may not be JSON at all, so the root's values are text.
        let isWhole = pointer.isEmpty
        return .object([
            ("field", .string(pointer)), ("path", .string(path)),
            ("wanted", isWhole ? .optional(wanted) : .optionalRaw(wanted)),
            ("found", isWhole ? .optional(found) : .optionalRaw(found)),
            ("place", .optional(place?.description)),
        ])
    }
}
