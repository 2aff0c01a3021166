internal import Spec

/// What is done with overrides, each act with its row in the audit and its event.
extension Overrides {
    /// Sets one; false where that was done already, so that it can be done again when nobody knows what became of it.
    @discardableResult
    package static func open(_ transaction: Transaction, _ override: Override, actor: String) throws(DatabaseError) -> Bool {
        let sequence = try advance(transaction)
        guard try insert(transaction, override, sequence: sequence) else { return false }
        try record(transaction, override, actor: actor, action: "override.set", event: .overrideOpened, change: "set aside")
        return true
    }

    /// Ends one early; nil where it is over, or not the caller's.
    package static func close(
        _ transaction: Transaction, _ tenancy: Tenancy, uid: String, actor: String, reason: String? = nil
    ) throws(DatabaseError) -> Override? {
        let sequence = try advance(transaction)
        guard let ended = try end(transaction, tenancy, uid: uid, by: actor, sequence: sequence) else { return nil }
        try record(transaction, ended, actor: actor, action: "override.ended", event: .overrideClosed, change: "in force again", why: reason)
        return ended
    }

    /// Tells of those whose time is over, once; answers how many.
    @discardableResult
    package static func closeExpired(_ transaction: Transaction) throws(DatabaseError) -> Int {
        let expired = try expire(transaction)
        for override in expired.overrides {
            try record(transaction, override, actor: "expiry", action: "override.ended", event: .overrideClosed, change: "in force again")
        }
        for row in expired.unreadable { try record(transaction, endOf: row) }
        return expired.overrides.count + expired.unreadable.count
    }

    /// What a program can say of the end of one that it cannot read.
    private static func record(_ transaction: Transaction, endOf row: UnreadableOverride) throws(DatabaseError) {
        var facts = JSONText(.printable)
        facts.object { facts in
            facts.member("override", row.uid)
            facts.member("unreadable", row.reason)
        }
        try Audit.append(
            transaction, row.org.isEmpty ? .platform : .organization(row.org), actor: "expiry", action: "override.ended", subject: row.uid,
            detail: facts.json)
    }

    private static func record(
        _ transaction: Transaction, _ override: Override, actor: String, action: String, event: Webhook.Event, change: String,
        why: String? = nil
    ) throws(DatabaseError) {
        let facts = override.facts(by: actor, why: why)
        let tenancy = override.target.org.map { Tenancy.organization($0) } ?? .platform
        try Audit.append(transaction, tenancy, actor: actor, action: action, subject: override.subject, detail: facts)
        try Outbox.append(
            transaction,
            EventDraft(
                type: event.rawValue, org: override.target.org, revision: try Revisions.currentID(transaction), data: facts,
                subjects: EventDraft.subjects(of: override.target, change)))
    }
}

extension Override {
    /// A JSON object for the audit and for whoever is told.
    fileprivate func facts(by actor: String, why: String?) -> String {
        var text = JSONText(.printable)
        text.object { text in
            text.member("override", uid)
            text.member("resource", target.description)
            text.member("model", part)
            text.name("denies")
            text.boolean(effect == .denial)
            if case .patch(let patch) = effect {
                text.name("patch")
                text.raw(patch.json)
            }
            text.member("owner", owner)
            text.member("reason", reason)
            text.member("by", actor)
            text.member("expires_at", expiresAt.text)
            text.member("ended_at", endedAt?.text)
            text.member("ended_because", why)
            text.member("gateway", gateway)
        }
        return text.json
    }
}
