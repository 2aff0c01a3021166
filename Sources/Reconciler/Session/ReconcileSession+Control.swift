internal import Spec
internal import Store

/// What people said of a unit, apart from what they committed to it.
struct UnitControl: Hashable {
    /// Nil unless it holds now.
    var suspension: UnitSuspension?
    /// Set where a rollback keeps commits from being applied.
    var hold: UnitHold?
    /// The newest approvals of its plans; several, as two given at once are seen in the order in which they are committed, not of their numbers.
    var lastApprovals: [Int64] = []
    /// The newest revision of other units, beside which this one's commits must hold together; 0 where there is none.
    var lastRevisionOfOthers: Int64 = 0
    /// Which drift somebody waits for to be put right, as a sum of its findings' numbers; 0 for none.
    var revertsAsked: Int64 = 0
}

extension ReconcileSession {
    /// Five small questions, asked in every turn of the loop.
    func control() throws -> UnitControl {
        try connection.transaction(timeout: Self.questionTimeout) { transaction in
            UnitControl(
                suspension: try UnitSuspensions.of(transaction, unit: unit), hold: try UnitHolds.of(transaction, unit: unit),
                lastApprovals: try Approvals.of(transaction, unit: unit, limit: 10).map(\.id),
                lastRevisionOfOthers: try UnitOwnership.lastRevisionOfOthers(transaction, than: unit),
                revertsAsked: try DriftFindings.revertsAsked(transaction, unit: unit))
        }
    }

    /// Where the record of acts ends, whoever acted.
    func auditHead() throws -> AuditHead {
        try connection.transaction(timeout: Self.questionTimeout) { try Audit.head($0) }
    }

    /// Asked under the unit's lock, which whoever suspends it takes too.
    func refuseWhileSuspended(_ transaction: Transaction) throws {
        guard let suspension = try UnitSuspensions.of(transaction, unit: unit) else { return }
        throw Trouble.standsStill("\(suspension.sentence); charter resume \(unit) ends it")
    }
}

extension UnitSuspension {
    /// Who, why and until when, without a full stop.
    var sentence: String {
        "unit \(unit) is suspended by \(actor) since \(since.iso8601)"
            + (until.map { " until \($0.iso8601)" } ?? "") + ": \(reason)"
    }
}
