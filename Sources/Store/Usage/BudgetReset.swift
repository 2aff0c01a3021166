package import Spec

/// The counter of a budget, by what stands for it in PostgreSQL.
package struct CounterID: Hashable, Sendable {
    /// Lineage of the budget, or of what else declares it.
    package var uid: String
    /// What it counts over which window, as `usd/month@Europe/Berlin`.
    package var name: String
    /// Whose usage it counts and at which models; empty for all of the uid's.
    package var subject: String

    package init(uid: String, name: String, subject: String) {
        self.uid = uid
        self.name = name
        self.subject = subject
    }
}

/// That somebody set a budget back: what it had counted of its window up to then counts no longer.
package struct BudgetReset: Hashable, Sendable {
    /// Zero before it is written.
    package var id: Int64 = 0
    /// By the database's clock; nil before it is written.
    package var at: Instant?
    package var org: String
    package var orgUID: String
    /// The Budget, or what else declares it.
    package var resource: ResourceKey
    package var counter: CounterID
    package var windowStart: Instant
    /// First moment after the window.
    package var windowEnd: Instant
    /// What was forgiven in all, in nano-USD, tokens or requests.
    package var amount: Int64
    package var actor: String
    package var reason: String

    package init(
        org: String, orgUID: String, resource: ResourceKey, counter: CounterID, windowStart: Instant, windowEnd: Instant, amount: Int64,
        actor: String, reason: String
    ) {
        self.org = org
        self.orgUID = orgUID
        self.resource = resource
        self.counter = counter
        self.windowStart = windowStart
        self.windowEnd = windowEnd
        self.amount = amount
        self.actor = actor
        self.reason = reason
    }
}

/// What is forgiven of one window, or of one part of a window that rolls.
package struct BudgetCredit: Hashable, Sendable {
    package var counter: CounterID
    /// The beginning of the window, or of the part.
    package var start: Instant
    package var amount: Int64
}
