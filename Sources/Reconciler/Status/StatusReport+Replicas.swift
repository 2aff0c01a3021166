internal import Spec
package import Store

/// Where each gateway stands.
extension StatusReport {
    /// A gateway silent for longer is taken for stopped: one that ends in order takes its row along, one that was killed does not.
    package static let absenceMax = Duration.seconds(86_400)

    /// What a gateway is, beside what was applied.
    package enum Standing: String, CaseIterable, Sendable {
        case inForce = "in_force"
        case behind
        /// It computed another digest than the revision that it names was applied with.
        case differs
        case silent
        case gone
    }

    func isSilent(_ replica: Replica) -> Bool {
        now.milliseconds - replica.reportedAt.milliseconds > Replicas.silenceMax.wholeMilliseconds
    }

    func isGone(_ replica: Replica) -> Bool {
        now.milliseconds - replica.reportedAt.milliseconds > Self.absenceMax.wholeMilliseconds
    }

    /// From when on a gateway counts as silent.
    func silence(of replica: Replica) -> Instant {
        Instant(milliseconds: replica.reportedAt.milliseconds + Replicas.silenceMax.wholeMilliseconds)
    }

    package func standing(of replica: Replica) -> Standing {
        if isGone(replica) { return .gone }
        if isSilent(replica) { return .silent }
        if let known = revisions[replica.revision], known.stateDigest != replica.stateDigest { return .differs }
        return replica.revision < (revision?.id ?? 0) ? .behind : .inForce
    }

    /// True once every gateway that is not stopped enforces the newest revision as it was applied; never before one does.
    package var isEnforced: Bool {
        let standings = replicas.map(standing).filter { $0 != .gone }
        return standings.contains(.inForce)
            && replicas.allSatisfy { isGone($0) || $0.revision == revision?.id && standing(of: $0) != .differs }
    }
}
