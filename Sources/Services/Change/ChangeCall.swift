package import Spec
package import Store

/// A call that changes what is declared: it becomes a request, which the reconciler makes a commit of.
package struct ChangeCall: Sendable {
    package var draft: ChangeDraft

    /// Sets and removes fields of one resource.
    package static func edit(_ key: ResourceKey, _ fields: [FieldAssignment], by terms: ChangeTerms) -> ChangeCall {
        let names = fields.map { String($0.pointer.dropFirst()).replacing("/", with: ".") }.joined(separator: ", ")
        return ChangeCall(key.org, "Set \(names) of \(key)", [.edit(key, fields.map(\.operation))], terms)
    }

    /// Adds YAML documents to the organization's folder, or the platform's where it is nil; `path` counts from the unit's root.
    package static func add(_ document: String, org: String?, path: String?, by terms: ChangeTerms) -> ChangeCall {
        let title = "Add " + (path ?? "a resource of \(org ?? "the platform")")
        return ChangeCall(org, title, [.add(document: document, org: org, path: path)], terms)
    }

    package static func remove(_ key: ResourceKey, by terms: ChangeTerms) -> ChangeCall {
        ChangeCall(key.org, "Remove \(key)", [.remove(key)], terms)
    }

    private init(_ org: String?, _ title: String, _ steps: [ChangePatch.Step], _ terms: ChangeTerms) {
        self.init(org, title, ChangePatch(steps), terms)
    }

    /// Any patch; `org` is nil for what belongs to the platform, or to several organizations.
    init(_ org: String?, _ title: String, _ patch: ChangePatch, _ terms: ChangeTerms) {
        draft = ChangeDraft(
            org: org, unit: terms.unit, title: title, patch: patch, caller: terms.caller, purpose: terms.purpose,
            idempotencyKey: terms.idempotencyKey, call: terms.call)
    }

    /// Writes the request with its row in the audit, or finds the one that the same call wrote before.
    ///
    /// Throws `IdempotencyConflict` for another call with the same key within a day, and `ChangeRefused` for what cannot be kept.
    /// Whether the caller may change it is judged when it is carried out, by the rules applied then.
    package func run(_ connection: Connection) throws -> ChangeReceipt {
        try connection.transaction { try run($0) }
    }

    /// The same beside what else a transaction does.
    func run(_ transaction: Transaction) throws -> ChangeReceipt {
        if let problem = draft.problem { throw ChangeRefused(problem) }
        guard try Units.status(transaction).contains(where: { $0.name == draft.unit }) else {
            throw ChangeRefused("there is no unit \(draft.unit) yet: charter apply, or charter watch, begins")
        }
        let (request, isRepeated) = try draft.ask(transaction)
        return ChangeReceipt(request: request, isRepeated: isRepeated)
    }
}

/// Who asks for a change, and how.
package struct ChangeTerms: Hashable, Sendable {
    package var unit: String
    /// `organization/member`.
    package var caller: String
    /// Why; the commit's message and the audit keep it.
    package var purpose: String
    package var idempotencyKey: String?
    /// What tells the call from another one with the same key, where the patch does not; see `ChangeDraft.call`.
    package var call: String?

    package init(unit: String, caller: String, purpose: String = "", idempotencyKey: String? = nil, call: String? = nil) {
        (self.unit, self.caller, self.purpose, self.idempotencyKey, self.call) = (unit, caller, purpose, idempotencyKey, call)
    }
}
