internal import Policy
package import Spec
package import Store

/// `charter budget reset`: what a budget has counted of its window counts no longer.
///
/// The ledger stays as it is. What it holds at the moment of the commit is forgiven, as a credit that every gateway takes off; what
/// is under way then, or waits in a journal, counts from now on.
package struct BudgetResetRequest: Sendable {
    /// `organization/name` of a Budget, or `organization/Kind/name` of what declares one for itself.
    package var budget: String
    package var actor: String
    package var reason: String
    /// Whether it is only looked at what would be forgiven.
    package var isTrial: Bool

    package init(budget: String, actor: String, reason: String, isTrial: Bool) {
        (self.budget, self.actor, self.reason, self.isTrial) = (budget, actor, reason, isTrial)
    }

    /// Does it in one transaction, in which no other reset of the organization's budgets is made, with its row in the audit and its
    /// event. Throws `RequestRefusal` where no such budget is applied.
    package func run(_ connection: Connection) throws -> BudgetResetReceipt {
        let key = try resource()
        return try connection.transaction { transaction in try setBack(target(key, transaction), transaction) }
    }

    /// The same, but a call that is repeated within a day is answered as it was the first time, and forgives nothing more. One that only
    /// looks is never kept. Throws `IdempotencyConflict`, too.
    package func run(_ connection: Connection, once question: AnsweredCalls.Question) throws -> JSONTree {
        guard !isTrial else { return try run(connection).json }
        let key = try resource()
        return try connection.transaction { transaction in
            let target = try target(key, transaction)
            if let answer = try AnsweredCalls.find(transaction, question) { return .raw(answer) }
            let answer = try setBack(target, transaction).json
            try AnsweredCalls.add(transaction, question, answer: answer.text)
            return answer
        }
    }

    /// Until the transaction ends nobody else sets a budget of the organization back.
    private func target(_ key: ResourceKey, _ transaction: Transaction) throws -> (book: BudgetBook, counter: BudgetCounter) {
        let book = try BudgetBook(transaction, org: key.org)
        guard let counter = book.counters.first(where: { $0.resource == key }) else { throw refusal(key, book) }
        if !isTrial { try RuntimeSequence.advance(transaction, orgUID: counter.orgUID) }
        return (book, counter)
    }

    private func setBack(_ target: (book: BudgetBook, counter: BudgetCounter), _ transaction: Transaction) throws -> BudgetResetReceipt {
        let standing = try target.book.standings(transaction, of: [target.counter])[0]
        guard !isTrial, standing.counted > 0 else { return BudgetResetReceipt(standing: standing, reset: nil, isTrial: isTrial) }
        let reset = try BudgetResets.add(transaction, reset(standing), parts(standing))
        try record(reset, standing, transaction)
        return BudgetResetReceipt(standing: standing, reset: reset, isTrial: false)
    }

    private func resource() throws(RequestRefusal) -> ResourceKey {
        let parts = budget.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 || parts.count == 3, parts.allSatisfy({ !$0.isEmpty }) else {
            throw RequestRefusal(
                "`\(budget.printable)` names no budget", .misworded,
                hint: "write acme/search-team, or acme/APIKey/checkout for a key's own")
        }
        return ResourceKey(org: parts[0], kind: parts.count == 2 ? .budget : try kind(parts[1]), name: parts[parts.count - 1])
    }

    private func kind(_ word: String) throws(RequestRefusal) -> Kind {
        if let kind = Kind(word: word) ?? Kind(plural: word) { return kind }
        let near = Suggestion.nearest(to: word, among: Kind.allCases.map(\.rawValue))
        throw RequestRefusal("`\(word)` is not a kind", .misworded, hint: near.map { "did you mean \($0)?" })
    }

    private func refusal(_ key: ResourceKey, _ book: BudgetBook) -> RequestRefusal {
        let namesakes = book.counters.map(\.resource).filter { $0.name == key.name }
        let hint = namesakes.isEmpty ? "" : "; there is \(namesakes.map(\.description).joined(separator: ", "))"
        return RequestRefusal("no budget \(key) is applied" + hint, .missing)
    }

    private func reset(_ standing: BudgetStanding) -> BudgetReset {
        let counter = standing.counter
        return BudgetReset(
            org: counter.resource.org ?? "", orgUID: counter.orgUID, resource: counter.resource, counter: counter.id,
            windowStart: counter.window.start, windowEnd: counter.window.end, amount: standing.counted, actor: actor, reason: reason)
    }

    private func parts(_ standing: BudgetStanding) -> [BudgetResets.Part] {
        standing.parts.filter { $0.counted > 0 }.map { part in
            BudgetResets.Part(
                start: part.start, countsUntil: standing.counter.end(ofPart: part.start), amount: part.counted)
        }
    }

    private func record(_ reset: BudgetReset, _ standing: BudgetStanding, _ transaction: Transaction) throws {
        let (org, name) = (reset.org, reset.resource.description)
        let facts: [(String, JSONTree)] = [
            ("forgiven", .int(reset.amount)), ("unit", .string(standing.unit)),
            ("window_start", .string(reset.windowStart.iso8601)), ("window_end", .optional(standing.windowEnd?.iso8601)),
            ("reason", .string(reason)),
        ]
        try Audit.append(
            transaction, .organization(org), actor: actor, action: "budget.reset", subject: name,
            detail: JSONTree.object([("reset", .int(reset.id)), ("counter", .string(reset.counter.name))] + facts).text)
        let data: [(String, JSONTree)] = [("budget", .string(name)), ("amount", .string(standing.counter.text)), ("by", .string(actor))]
        let draft = EventDraft(
            type: Webhook.Event.budgetReset.rawValue, org: org, revision: try Revisions.currentID(transaction),
            data: JSONTree.object(data + facts).text, subjects: EventDraft.subjects(of: reset.resource, "set back"))
        try Outbox.append(transaction, draft)
    }
}

/// What a reset forgave, or would.
package struct BudgetResetReceipt: Sendable {
    private let standing: BudgetStanding
    /// Nil where nothing was written.
    private let reset: BudgetReset?
    private let isTrial: Bool

    init(standing: BudgetStanding, reset: BudgetReset?, isTrial: Bool) {
        (self.standing, self.reset, self.isTrial) = (standing, reset, isTrial)
    }

    package var text: String {
        let budget = "\(standing.counter.resource) (\(standing.counter.text))"
        let counted = standing.text(standing.counted)
        if standing.counted == 0 { return "\(budget) has counted nothing \(standing.windowText), so nothing is changed." }
        if isTrial { return "Would set back \(budget): \(counted) \(standing.windowText) would count no longer." }
        return """
            \(budget) is set back: \(counted) \(standing.windowText) count no longer.
            Gateways know it in less than a second. What was under way, or in a journal, counts from now on; the ledger stays as it is.
            """
    }

    package var json: JSONTree {
        .object([
            ("format", .int(1)), ("dryRun", .bool(isTrial)), ("budget", .string(standing.counter.resource.description)),
            ("amount", .string(standing.counter.text)), ("unit", .string(standing.unit)), ("forgiven", .int(standing.counted)),
            ("windowStart", .string(standing.counter.window.start.iso8601)), ("windowEnd", .optional(standing.windowEnd?.iso8601)),
            ("reset", reset.map { .int($0.id) } ?? .null), ("at", .optional(reset?.at?.iso8601)),
        ])
    }
}
