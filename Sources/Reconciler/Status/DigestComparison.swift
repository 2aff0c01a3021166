internal import Spec
internal import Store

/// Whether Git, PostgreSQL and the gateways hold the same state, told by its digest.
package struct DigestComparison: Sendable {
    /// Who holds what.
    package struct Holder: Sendable {
        package var name: String
        /// What it calls its state, such as `revision 7`.
        package var what: String
        /// 64 hexadecimal digits; nil where it holds none.
        package var digest: String?
    }

    package private(set) var holders: [Holder] = []
    /// Each disagreement in a sentence without its full stop; empty where all agree as far as they were asked.
    package private(set) var findings: [String] = []
    private let report: StatusReport

    init(_ report: StatusReport) {
        self.report = report
        guard let applied = report.revision else { return }
        git(applied)
        holders.append(Holder(name: "PostgreSQL, as applied", what: "revision \(applied.id)", digest: applied.stateDigest))
        rows(applied)
        for replica in report.replicas where !report.isGone(replica) { gateway(replica, applied) }
    }

    package var isAgreed: Bool { findings.isEmpty }

    private mutating func git(_ applied: Revision) {
        for (unit, git) in report.digests.git.sorted(by: { $0.key < $1.key }) {
            // What other units applied meanwhile is not in it.
            if let hex = git.hex, let revision = git.revision, revision != applied.id, hex != applied.stateDigest { continue }
            holders.append(Holder(name: "Git, unit \(unit)", what: "commit \(git.commit.prefix(10))", digest: git.hex))
            guard let hex = git.hex else {
                findings.append("Git's \(git.commit.prefix(10)) of unit \(unit) is no state: \(git.problem ?? "it cannot be read")")
                continue
            }
            guard hex != applied.stateDigest else { continue }
            findings.append(
                "Git's \(git.commit.prefix(10)) of unit \(unit) asks for \(Self.short(hex)), and revision \(applied.id) is \(Self.short(applied.stateDigest)): it is not applied")
        }
    }

    private mutating func rows(_ applied: Revision) {
        guard let rows = report.digests.rows, rows.revision == applied.id else { return }
        holders.append(Holder(name: "PostgreSQL, its rows", what: "at \(rows.at.iso8601)", digest: rows.hex))
        guard rows.hex != applied.stateDigest else { return }
        findings.append(
            "the rows of PostgreSQL are \(Self.short(rows.hex)), and revision \(applied.id) was applied as \(Self.short(applied.stateDigest)): other hands changed them, charter drift names what")
    }

    private mutating func gateway(_ replica: Replica, _ applied: Revision) {
        holders.append(Holder(name: "gateway \(replica.id)", what: "revision \(replica.revision)", digest: replica.stateDigest))
        let behind = replica.revision < applied.id ? ", of \(applied.id)" : ""
        switch report.standing(of: replica) {
        case .inForce, .gone: break
        case .silent:
            findings.append(
                "gateway \(replica.id) is silent since \(replica.reportedAt.iso8601), when it enforced revision \(replica.revision)\(behind)")
        case .behind:
            findings.append("gateway \(replica.id) enforces revision \(replica.revision)\(behind), since \(replica.since.iso8601)")
        case .differs:
            let wanted = report.revisions[replica.revision]?.stateDigest ?? ""
            findings.append(
                "gateway \(replica.id) calls \(Self.short(replica.stateDigest)) what was applied as revision \(replica.revision) with \(Self.short(wanted))")
        }
    }

    /// As many digits as tell states apart.
    static func short(_ hex: String) -> String { String(hex.prefix(digitsShown)) }

    static let digitsShown = 16
}
