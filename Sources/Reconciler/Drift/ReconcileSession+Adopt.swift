internal import Spec
internal import Store

extension ReconcileSession {
    /// Asks for the commits that declare what hands changed of kinds in mode adopt, once for each finding; answers what was asked for now.
    ///
    /// What no file can declare, or a person said something of, is left for people.
    func adopt(
        _ report: DriftReport, _ findings: [DriftFinding], _ rules: Repository, _ token: FencingToken
    ) throws -> [ChangeRequest] {
        guard let caller = rules.adoptAs else { return [] }
        let kept = Dictionary(grouping: findings, by: \.uid)
        let uids = report.drift.filter { rules.adopts($0.kind) && Self.isFree(kept[$0.uid] ?? []) }.map(\.uid)
        // Drawn, so that those which turn out to be no declaration keep none of the others waiting for ever.
        return try uids.shuffled().prefix(Self.adoptedMax).compactMap { try adopt($0, caller, token) }
    }

    private static func isFree(_ findings: [DriftFinding]) -> Bool {
        findings.allSatisfy { $0.isAdoptable && $0.state == .open && $0.revertAskedBy == nil && $0.contestedSince == nil }
            && findings.contains { $0.adoption == nil }
    }

    /// Resources tried with one scan, each of which becomes a commit; others are asked for after the next.
    private static let adoptedMax = 20

    /// Nil where it is not what the scan saw any more.
    private func adopt(_ uid: String, _ caller: String, _ token: FencingToken) throws -> ChangeRequest? {
        do {
            return try connection.transaction(timeout: Self.questionTimeout) { transaction in
                try Leadership.check(transaction, token)
                let held = try DriftFindings.hold(transaction, unit: unit, uids: [uid])
                guard Self.isFree(held) else { return nil }
                return try DriftAdoptions.ask(
                    transaction, held.filter { $0.adoption == nil }, caller: caller, reason: "", knownBy: .findings
                ).first?.request
            }
        } catch is DriftAdoptions.Refused { return nil }
    }
}

extension StateDifference {
    /// Has rows stay as hands left them that wait for a commit which declares that, but for those that this commit touches.
    ///
    /// What waits is what a change was asked for, and, unless a person applies, all of the kinds in mode adopt.
    mutating func leaveAdoptions(_ findings: [DriftFinding], rules: Repository?, isByHand: Bool) {
        let kept = Dictionary(grouping: findings, by: \.uid)
        let touched = Set(plan.changes.compactMap(\.uid))
        let (declared, found) = (Set(outcome.map(\.key)), Set(applied.actual.values.map(\.key)))
        left = Set(
            plan.drift.filter { drift in
                let own = kept[drift.uid] ?? []
                let isInMode = !isByHand && rules?.adopts(drift.kind) ?? false && !own.contains { $0.revertAskedBy != nil }
                guard isInMode || own.contains(where: \.isBeingAdopted), !touched.contains(drift.uid) else { return false }
                return switch drift.finding {
                case .changed: drift.isInText
                case .missing: applied.applied[drift.uid].map { !found.contains($0.key) } ?? false
                case .unexpected: applied.actual[drift.uid].map { !declared.contains($0.key) } ?? false
                case .record: false
                }
            }.map(\.uid))
    }
}
