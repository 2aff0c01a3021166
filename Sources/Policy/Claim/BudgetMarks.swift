internal import Spec

/// What is due when parts of a budget are spent.
struct BudgetMarks: Sendable {
    struct Mark: Sendable {
        /// In hundredths of a percent.
        var share: Int
        /// The share in the budget's unit.
        var amount: Int64
        var action: BudgetTerms.Action
    }

    /// From the lowest share up.
    var marks: [Mark]
    /// Of what the shares are.
    var whole: Int64
    /// What may be exceeded, in the same unit and window.
    var soft: Int64?
    /// Names of the Webhooks that are told.
    var notify: [String]

    /// Nil where there is nothing to be done about it, and nobody named to be told.
    init?(_ terms: BudgetTerms, whole: Int64) {
        marks = terms.thresholds.map { threshold in
            Mark(share: threshold.share, amount: Self.part(threshold.share, of: whole), action: threshold.action)
        }
        self.whole = whole
        notify = terms.notify
        if let hard = terms.hard {
            if let soft = terms.soft, soft.span == hard.span, soft.isCounted(like: hard) { self.soft = soft.counted }
        } else {
            soft = terms.soft?.counted
        }
        if marks.isEmpty, soft == nil, notify.isEmpty { return nil }
    }

    /// At which nothing more is let through, where that is below the whole.
    var block: Int64? { marks.first { $0.action == .block }?.amount }

    /// What requests go to once so much is spent.
    func downgrade(at spent: Int64) -> String? {
        for mark in marks.reversed() where spent >= mark.amount {
            if case .downgrade(let model) = mark.action { return model }
        }
        return nil
    }

    var downgrades: Bool { marks.contains { if case .downgrade = $0.action { true } else { false } } }

    private static func part(_ share: Int, of whole: Int64) -> Int64 {
        let hundredths = Int64(share)
        return whole / 10_000 * hundredths + whole % 10_000 * hundredths / 10_000
    }
}

extension Allowance {
    /// Whether both are amounts of the same thing.
    fileprivate func isCounted(like other: Allowance) -> Bool {
        switch (amount, other.amount) {
        case (.money, .money), (.tokens, .tokens), (.requests, .requests): true
        default: false
        }
    }

    /// In nano-USD, tokens or requests.
    var counted: Int64 {
        switch amount {
        case .money(let nano): nano.rawValue
        case .tokens(let count), .requests(let count): count
        }
    }
}
