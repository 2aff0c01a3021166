internal import Spec

/// A declared limit or budget, ready to be held against a counter.
struct Bound: Sendable {
    /// What it counts.
    enum Quantity: UInt8, Sendable { case requests, tokens, concurrent, money }

    /// How it counts: over a sliding window, in a calendar's window, or what is open now.
    enum Counting: Hashable, Sendable {
        case ring(RingShape)
        case calendar(Window, zone: Int16)
        case gauge
    }

    var cell: CellKey
    var quantity: Quantity
    var counting: Counting
    var amount: Int64
    /// Whether every requested name has a counter of its own.
    var perModel: Bool
    /// Whether it is a budget, whose refusals no waiting of minutes ends.
    var isBudget: Bool
    /// The models it is about, or -1 for all.
    var pattern: Int32
    /// Of a calendar's window that does not begin with the calendar's.
    var starts: WindowStart?
    /// Of the graph's tags: the one that keys carry whose usage counts, or -1.
    var tag: Int32 = -1
    var rule: RuleReference
    /// The resource whose uid the counter is kept under; a plan's limits count under the organization.
    var counter: Int32
    /// The organization, project, member or key whose usage counts.
    var subject: Int32
    /// Index of what is due when parts of it are spent, or -1.
    var marks: Int32 = -1

    /// Whether it is counted and refuses nothing: a soft budget.
    var isEndless: Bool { amount == .max }

    /// Whether it is a budget, be it only a soft one, which always has something to be told of.
    var isDeclaredAsBudget: Bool { isBudget || marks >= 0 }

    /// Another amount of the same sort, as an author would write it.
    func text(_ amount: Int64) -> String {
        var bound = self
        bound.amount = amount
        return bound.text
    }
}

/// Where a count is kept: the same in every snapshot for the same rule of the same resource, whatever its amount.
struct CellKey: Hashable, Sendable {
    /// Of the resource that declares the rule.
    var lineage: Lineage
    /// Quantity, window, zone and whether it is per model.
    var rule: UInt64
    /// Of whose usage counts and at which models, else 0 where that is all of what declares the rule: a rule that is pointed at
    /// something else starts with what that has used.
    var subject: UInt64 = 0
    /// Of the requested name where every model has its own, else 0.
    var model: UInt64 = 0

    func hash(into hasher: inout Hasher) { hasher.combine(lineage.low ^ rule ^ subject ^ model) }
}
