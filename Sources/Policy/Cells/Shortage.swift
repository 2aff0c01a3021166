internal import Spec

/// A counter without room for a demand.
struct Shortage {
    /// What stands in the way.
    enum Cause {
        /// A sliding window is full, or as many requests are open as may be.
        case full
        /// Only what is held for requests that are still open, and most of that comes back as each of them ends.
        case held
        /// What is left is less than what is asked.
        case nearlySpent
        case spent
        /// The demand is larger than the whole.
        case neverFits
    }

    var cause: Cause
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

    /// Whether a budget over a calendar's window has too little left for what nobody holds.
    var isForGood: Bool {
        guard bound.isBudget, case .calendar = bound.counting else { return false }
        return cause == .spent || cause == .nearlySpent
    }

    private var rank: Int {
        switch cause {
        case .full: bound.quantity == .concurrent ? 0 : 2
        case .held: 1
        case .nearlySpent, .spent, .neverFits: bound.isBudget ? 4 : 3
        }
    }

    func refusal(_ snapshot: Snapshot, now: Instant) -> Refusal {
        var refusal = Refusal(code, message, rule: snapshot.rule(bound.rule), resetsAt: resetsAt)
        switch code {
        case .rateLimitExceeded:
            refusal.retryAfter = cause == .held ? Self.heldWait : wait.map { .milliseconds($0) }
            if cause == .full { refusal.resetsAt = wait.map { Instant(milliseconds: now.milliseconds + $0) } }
        case .concurrencyLimitExceeded, .budgetHeld: refusal.retryAfter = Self.heldWait
        default: break
        }
        return refusal
    }

    private var code: RefusalCode {
        switch cause {
        case .full: bound.quantity == .concurrent ? .concurrencyLimitExceeded : .rateLimitExceeded
        case .held: bound.isBudget ? .budgetHeld : .rateLimitExceeded
        case .nearlySpent, .spent, .neverFits: bound.isBudget ? .budgetExceeded : .quotaExceeded
        }
    }

    private var message: String {
        let whole = "\(bound.isBudget ? "budget" : "limit") of \(bound.text)"
        switch cause {
        case .full where bound.quantity == .concurrent: return "as many requests are open as the \(whole) allows"
        case .full: return "the \(whole) is used up"
        case .held: return "what is left of the \(whole) is held for requests that are still open"
        case .nearlySpent where bound.isBudget:
            return "less is left of the \(whole) than the request may cost; ask for fewer output tokens"
        case .nearlySpent: return "less is left of the \(whole) than the request may need"
        case .spent: return "the \(whole) is \(bound.isBudget ? "spent" : "used up")"
        case .neverFits where bound.isBudget:
            return "the request could cost more than the whole \(whole); ask for fewer output tokens"
        case .neverFits: return "the request may need more than the whole \(whole)"
        }
    }

    /// What most requests take; when the first of those that are open ends, nobody knows.
    private static let heldWait = Duration.seconds(2)
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
        case .ring(.hour): "/hour"
        case .ring(let shape): "/" + Duration.milliseconds(shape.length).text + " rolling"
        case .calendar(.total, _): " total"
        case .calendar(let window, _): "/" + window.rawValue
        }
    }
}
