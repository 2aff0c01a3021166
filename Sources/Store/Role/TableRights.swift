/// Which role may write which table, and how; all may read all. The ledger and the record of acts are only added to.
enum TableRights {
    /// By table without its schema, for every one that a migration makes. A right may be limited to columns, as `UPDATE (name)`.
    static let all: [String: [DatabaseRole: [String]]] = declared.merging(runtime) { first, _ in first }
        .merging(acts) { first, _ in first }.merging(events) { first, _ in first }

    private static let insert = ["INSERT"]
    private static let upsert = ["INSERT", "UPDATE"]
    private static let whole = ["INSERT", "UPDATE", "DELETE"]

    private static let declared: [String: [DatabaseRole: [String]]] = [
        "resource": [.reconciler: whole], "lineage": [.reconciler: upsert], "provenance": [.reconciler: insert],
        "history": [.reconciler: insert], "revision": [.reconciler: insert], "revision_head": [.reconciler: upsert],
        // Who suspends a unit writes its row, so that an apply under way starts over.
        "unit": [.reconciler: upsert, .services: ["UPDATE (name)"]],
        "verification": [.reconciler: upsert], "waiting_plan": [.reconciler: whole], "drift_scan": [.reconciler: upsert],
        "condition": [.reconciler: upsert, .services: upsert], "leader": [.reconciler: upsert],
        "hold": [.reconciler: whole, .services: ["DELETE"]],
        "schema_migration": [:], "checksum": [.reconciler: insert], "lineage_checksum": [.reconciler: upsert],
        // What a scan found, and what people said of it; its writes are noted by a trigger that is nobody's.
        "drift_finding": [.reconciler: whole, .services: upsert], "drift_write": [.reconciler: ["DELETE"]],
    ]

    private static let runtime: [String: [DatabaseRole: [String]]] = [
        "usage": [.gateway: insert, .services: insert],
        "usage_hour": [.gateway: upsert, .services: upsert], "usage_day": [.gateway: upsert, .services: upsert],
        "cell": [.gateway: whole, .services: whole], "epoch": [.gateway: upsert, .services: upsert],
        "shipped": [.gateway: upsert, .services: upsert], "ledger_lock": [.gateway: ["UPDATE"], .services: ["UPDATE"]],
        "retention": [.gateway: upsert], "gateway": [.gateway: whole], "reserved": [.gateway: whole],
        "delegated_key": [.services: upsert], "runtime_sequence": [.services: upsert],
        "budget_reset": [.services: insert], "budget_credit": [.services: insert],
    ]

    private static let acts: [String: [DatabaseRole: [String]]] = [
        "audit": [.reconciler: insert, .gateway: insert, .services: insert],
        "audit_head": [.reconciler: ["UPDATE"], .gateway: ["UPDATE"], .services: ["UPDATE"]],
        "answered_call": [.services: whole], "approval": [.services: insert], "suspension": [.services: whole],
        // Gateways note what is over, and hand on what was called to them while PostgreSQL was away.
        "override": [.services: upsert, .gateway: upsert], "override_sequence": [.services: ["UPDATE"], .gateway: ["UPDATE"]],
        // Written, and withdrawn, by who asks, which a reconciler does where drift is to be adopted; what becomes of it is the reconciler's.
        "change_request": [
            .services: ["INSERT", "UPDATE (idempotency_key, state, reason, decided_by, decided_at)"], .reconciler: whole,
        ],
    ]

    private static let events: [String: [DatabaseRole: [String]]] = [
        "event": [.reconciler: whole, .gateway: insert, .services: insert],
        "event_topic": [.reconciler: upsert, .gateway: upsert, .services: upsert],
        "recipient": [.reconciler: whole, .services: ["UPDATE"]],
        "delivery": [.reconciler: whole, .services: ["UPDATE"]],
    ]

    /// Functions that do for a role what it has no right to do itself.
    static let functions: [(signature: String, roles: [DatabaseRole])] = [
        ("charter.make_usage_month(integer, integer)", [.gateway, .services]),
        ("charter.remove_usage(text, uuid, timestamptz, timestamptz, bigint)", [.gateway]),
    ]

    /// Sequences that are raised beyond what a lost database had given out.
    static let sequences: [(name: String, roles: [DatabaseRole])] = [("charter.epoch_id_seq", [.gateway, .services])]
}
