internal import Spec

/// A counter without room for a demand.
struct Shortage {
    var demand: Demand
    var bound: Bound
    /// Milliseconds until there is room; nil where that is not known, or never.
    var wait: Int64?
    var resetsAt: Instant?

    /// Whether it is the one to tell the client of.
    func outlasts(_ other: Shortage?) -> Bool {
        guard let other else { return true }
        if rank != other.rank { return rank > other.rank }
        return (wait ?? .max) > (other.wait ?? .max)
    }

    private var rank: Int {
        if bound.isBudget { return 2 }
        return bound.quantity == .concurrent ? 0 : 1
    }

    func refusal(_ snapshot: Snapshot, now: Instant) -> Refusal {
        let rule = snapshot.rule(bound.rule)
        let amount = bound.text
        if bound.isBudget {
            return Refusal(.budgetExceeded, budgetMessage(amount), rule: rule, resetsAt: resetsAt)
        }
        if bound.quantity == .concurrent {
            return Refusal(
                .concurrencyLimitExceeded, "as many requests are open as the limit of \(amount) allows", rule: rule)
        }
        return Refusal(
            .rateLimitExceeded, "the limit of \(amount) is used up", rule: rule,
            retryAfter: wait.map { .milliseconds($0) }, resetsAt: resetsAt)
    }

    private func budgetMessage(_ amount: String) -> String {
        demand.ask > bound.amount
            ? "the request could cost more than the whole budget of \(amount); ask for fewer output tokens"
            : "the budget of \(amount) is spent, or held for requests that are still open"
    }
}

extension Bound {
    /// As an author would write it: `600 requests/minute`, `250 USD/month`, `20 concurrent`.
    var text: String { amountText + windowText }

    /// From literals, as every decision record names its bounds: a case's name by reflection costs ten times as much.
    private var amountText: String {
        if isEndless { return "any amount" }
        return switch quantity {
        case .requests: String(amount) + " requests"
        case .tokens: String(amount) + " tokens"
        case .concurrent: String(amount) + " concurrent"
        case .money: NanoUSD(amount).text
        }
    }

    private var windowText: String {
        switch counting {
        case .gauge: ""
        case .ring(.second): "/second"
        case .ring(.minute): "/minute"
        case .ring: "/hour"
        case .calendar(.total, _): " total"
        case .calendar(let window, _): "/" + window.rawValue
        }
    }
}
