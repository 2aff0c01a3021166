internal import Crypto
internal import Spec

extension ChangeDraft {
    /// Adds the request with its row in the audit and its event, or answers the one that the same call added before.
    ///
    /// Throws `IdempotencyConflict` for another call with the same key within a day. Ask for `problem` first.
    package func ask(_ transaction: Transaction) throws -> (request: ChangeRequest, isRepeated: Bool) {
        let asked = try ChangeRequests.ask(transaction, self, uid: SecureRandom.uuid())
        if !asked.isRepeated { try record(asked.request, transaction) }
        return asked
    }

    /// Why it cannot be kept, a clause; nil where it can.
    package var problem: String? {
        let json = patch.json
        guard json.utf8.count <= Self.patchBytesMax else { return "the change has \(json.utf8.count) bytes, more than \(Self.patchBytesMax)" }
        let operations = patch.steps.reduce(0) { if case .edit(_, let fields) = $1 { $0 + fields.count } else { $0 } }
        guard patch.steps.count <= Self.stepsMax, operations <= Self.operationsMax else {
            return "a change has \(Self.stepsMax) steps and \(Self.operationsMax) fields that are set or removed at most; ask for several"
        }
        for text in [caller, purpose, title] where text.utf8.count > Self.textBytesMax { return "a text of \(text.utf8.count) bytes is too long" }
        if let key = idempotencyKey, key.isEmpty || key.utf8.count > Self.keyBytesMax {
            return "an idempotency key has 1 to \(Self.keyBytesMax) bytes"
        }
        // PostgreSQL keeps no such character in its texts.
        let hasNull = [json, caller, purpose, idempotencyKey ?? ""].contains { $0.utf8.contains(0) || $0.contains("\\u0000") }
        return hasNull ? "the change holds the character U+0000" : nil
    }

    /// Of a patch, which may be larger than a database should keep.
    private static let patchBytesMax = 1 << 20
    static let stepsMax = 256
    /// Of all steps; each has its file read anew.
    private static let operationsMax = 256
    static let textBytesMax = 4000
    private static let keyBytesMax = 255

    private func record(_ request: ChangeRequest, _ transaction: Transaction) throws(DatabaseError) {
        let facts = JSONTree.object([
            ("change", .string(request.uid)), ("title", .string(title)), ("unit", .string(unit)), ("by", .string(caller)),
            ("reason", .string(purpose)),
        ]).text
        try Audit.append(
            transaction, org.map(Tenancy.organization) ?? .platform, actor: caller, action: "change.asked", subject: request.uid,
            detail: facts)
        try Outbox.append(transaction, EventDraft(type: "change.asked", unit: unit, org: org, data: facts))
    }
}
