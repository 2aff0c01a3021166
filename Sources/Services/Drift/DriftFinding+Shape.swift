internal import Store

extension DriftFinding {
    /// What `json` looks like.
    static let shape = AdminShape.object([
        "resource": .string, "finding": .string, "field": .string, "path": .string, "wanted": .any,
        "found": .any, "place": .optional(.string), "state": .choice(State.allCases.map(\.rawValue)),
        "direction": .choice(["drift", "conflict"]), "unit": .optional(.string), "first_seen": .optional(.moment),
        "last_seen": .optional(.moment), "settled_at": .optional(.moment), "contested_since": .optional(.moment),
        "revert_asked_by": .optional(.string),
        "adoption": .optional(.object(["change": .string, "state": .string, "branch": .optional(.string), "reason": .optional(.string)])),
        "tolerated": .optional(.object(["until": .moment, "by": .string, "reason": .string])),
        "blame": .optional(.object([
            "role": .string, "acting_role": .string, "application": .string, "address": .optional(.string), "at": .moment,
            "transaction": .integer, "operation": .string, "relation": .string, "rows": .optional(.integer), "statement": .string,
        ])),
    ])
}
