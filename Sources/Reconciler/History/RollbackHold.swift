internal import Spec
internal import Store

/// Keeps what was rolled back from coming again by itself, for as long as the unit is held.
enum RollbackHold {
    /// What stands against applying `desired`; nil when the unit is free, or when the commit declares nothing of what was undone.
    static func block(unit: String, _ desired: DesiredState, _ transaction: Transaction) throws -> GuardBlock? {
        guard let hold = try UnitHolds.of(transaction, unit: unit),
            let first = try Revisions.one(transaction, hold.revision)
        else { return nil }
        let again = try UndoneChanges(since: first, transaction).declared(in: desired)
        return again.isEmpty ? nil : .rolledBack(RolledBack(hold, again: again))
    }

    /// Ends the hold of a unit whose branch has come past it, in the transaction that applies the commit.
    static func pass(unit: String, by actor: String, _ commit: Commit, _ transaction: Transaction) throws {
        guard try UnitHolds.end(transaction, unit: unit) else { return }
        let detail = JSONTree.object([
            ("commit", .string(commit.id.hex)), ("reason", .string("the branch declares nothing of what was rolled back")),
        ])
        try Audit.append(
            transaction, .platform, actor: actor, action: "unit.resumed", subject: unit, detail: detail.text)
    }
}

/// A rollback, and what of the changes that it undid a commit declares again.
package struct RolledBack: Hashable, Sendable {
    package var unit: String
    /// The revision whose state is held.
    package var restored: Int64
    package var actor: String
    package var reason: String
    package var again: [String]

    init(_ hold: UnitHold, again: [String]) {
        unit = hold.unit
        restored = hold.restored
        actor = hold.actor
        reason = hold.reason
        self.again = again
    }

    /// Of so many on, the rest is counted.
    private static let listedMax = 5

    /// One sentence, without its full stop.
    var sentence: String {
        let more = again.count > Self.listedMax ? " and \(again.count - Self.listedMax) more" : ""
        return "the unit is held at the state of revision \(restored), to which \(actor) rolled it back (\(reason)), and this "
            + "commit declares of what was undone: \(again.prefix(Self.listedMax).joined(separator: ", "))\(more); "
            + "revert that in Git, or charter resume \(unit)"
    }
}

extension UnitHold {
    /// Who, why and until when, without a full stop.
    var sentence: String {
        "unit \(unit) is held at the state of revision \(restored) by \(actor) since \(since.iso8601): \(reason)"
    }
}

extension WatchEvent {
    static func held(_ hold: UnitHold) -> WatchEvent {
        WatchEvent(
            "held",
            [
                ("unit", .string(hold.unit)), ("by", .string(hold.actor)), ("restored", .int(hold.restored)),
                ("reason", .string(hold.reason)),
            ])
    }
}
