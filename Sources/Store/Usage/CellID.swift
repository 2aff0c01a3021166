package import Spec

/// What a limit or budget counts.
package enum CellMeter: String, Hashable, Sendable, CaseIterable {
    /// In nano-USD.
    case usd
    case tokens
    case requests
}

/// One counted window of one rule.
package struct CellID: Hashable, Sendable {
    /// Lineage of the budget, key or organization whose rule it is.
    package var uid: String
    package var meter: CellMeter
    /// Keeps a day and a month apart that begin at the same moment.
    package var window: Window
    package var windowStart: Instant
    /// What the client named, for a limit per model: a route or `provider/model`. `everyName` stands for all such cells of
    /// the rule; empty where the limit is not per model.
    package var model: String

    package init(uid: String, meter: CellMeter, window: Window, windowStart: Instant, model: String = "") {
        self.uid = uid
        self.meter = meter
        self.window = window
        self.windowStart = windowStart
        self.model = model
    }

    /// The cell beside which every requested name has one of its own; no name contains it.
    package static let everyName = "*"

    /// The cell of one name beside this one.
    package func named(_ name: String) -> CellID {
        CellID(uid: uid, meter: meter, window: window, windowStart: windowStart, model: name)
    }
}

/// What is spent in a cell: nano-USD, tokens or requests.
package struct CellSum: Hashable, Sendable {
    package var amount: Int64
    /// What corrections of prices have changed of the amount so far; below zero where usage got cheaper.
    package var corrected: Int64
}

/// A cell with all that is needed to find its sum in the ledger.
package struct CellSeed: Hashable, Sendable {
    package var id: CellID
    /// First moment after the window.
    package var windowEnd: Instant
    package var subject: UsageSubject

    package init(id: CellID, windowEnd: Instant, subject: UsageSubject) {
        self.id = id
        self.windowEnd = windowEnd
        self.subject = subject
    }

    /// The end of a window that never closes.
    package static let endOfTime = CivilDate(year: 9999, month: 1, day: 1).start

    /// What a row that the subject covers adds to this cell.
    func amount(of row: UsageRow) -> Int64 {
        guard row.at >= id.windowStart, row.at < windowEnd else { return 0 }
        return switch id.meter {
        case .usd: row.cost.rawValue
        case .tokens: row.tokens
        case .requests: row.requests
        }
    }
}
