internal import Spec
internal import Store

/// Which drift is put right without a commit. A value.
struct DriftCorrection {
    /// Nil puts all of it right.
    private let rules: Repository?
    /// By the uid of the resource.
    private var findings: [String: [DriftFinding]] = [:]

    static let everything = DriftCorrection(rules: nil)

    /// By the modes of the rules in force, and by what is kept of each finding.
    init(rules: Repository, _ findings: [DriftFinding]) {
        self.rules = rules
        self.findings = Dictionary(grouping: findings, by: \.uid)
    }

    private init(rules: Repository?) { self.rules = rules }

    /// The same with what is kept of each finding by now.
    func knowing(_ findings: [DriftFinding]) -> DriftCorrection {
        var now = self
        now.findings = Dictionary(grouping: findings, by: \.uid)
        return now
    }

    /// A row is written as a whole, so one with a field that may stay, or that is contested, stays as it is.
    func includes(_ drift: Drift) -> Bool {
        guard let rules else { return true }
        let kept = findings[drift.uid] ?? []
        if kept.contains(where: { $0.state == .tolerated }) { return false }
        if kept.contains(where: { $0.revertAskedBy != nil }) { return true }
        if kept.contains(where: { $0.contestedSince != nil }) { return false }
        return rules.driftAction(of: drift.kind) == .correct
    }
}
