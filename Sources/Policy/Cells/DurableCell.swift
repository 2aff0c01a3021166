package import Spec

/// A counter over a calendar's window, as the ledger knows it across restarts.
package struct DurableCell: Hashable, Sendable {
    package enum Meter: String, Sendable { case usd, tokens, requests }

    /// Of the resource whose counter it is: a budget, a key, a project, or an organization under its plan's limits.
    package var uid: String
    package var meter: Meter
    package var window: Window
    /// IANA name.
    package var zone: String
    /// Its first day, where that is not the calendar's.
    package var starts: WindowStart?
    /// Whose usage counts and at which models, by uid and names; empty where it is all usage of what `uid` names.
    package var subject: String
    /// The requested name, where every model has its own counter.
    package var model: String?

    package init(
        uid: String, meter: Meter, window: Window, zone: String = "UTC", starts: WindowStart? = nil, subject: String = "",
        model: String? = nil
    ) {
        self.uid = uid
        self.meter = meter
        self.window = window
        self.zone = zone
        self.starts = starts
        self.subject = subject
        self.model = model
    }

    /// Tells apart the counters of one uid: `usd/month`, `tokens/day@Europe/Berlin`, `usd/month/15`, `requests/month#openai/gpt-4o`.
    package var name: String {
        meter.rawValue + "/" + window.rawValue + (zone == "UTC" ? "" : "@" + zone) + (starts.map { "/" + $0.text } ?? "") + (model.map { "#" + $0 } ?? "")
    }

    var key: CellKey {
        let quantity: Bound.Quantity =
            switch meter {
            case .usd: .money
            case .tokens: .tokens
            case .requests: .requests
            }
        return CellKey(
            lineage: Lineage(uid: uid),
            rule: CellKey.rule(quantity, window, zone: zone, starts: starts, perModel: model != nil),
            subject: CellKey.subject(subject), model: model.map(StableHash.of) ?? 0)
    }
}

/// Parts the charges of a process at the moments from which a sum of the ledger may be known to hold all before, and none after.
package typealias ChargeGeneration = UInt32

/// What the ledger knows of a counter.
package struct SpentCell: Hashable, Sendable {
    package var cell: DurableCell
    package var windowStart: Instant
    package var amount: Int64
    /// What corrections of prices have added to the amount so far; nil where that is not known.
    package var corrected: Int64?

    package init(cell: DurableCell, windowStart: Instant, amount: Int64, corrected: Int64? = nil) {
        self.cell = cell
        self.windowStart = windowStart
        self.amount = amount
        self.corrected = corrected
    }
}
