internal import Spec
internal import Store

/// What the gateways and the rows are.
extension UnitConditions {
    var enforced: Condition {
        guard let id = unit.applied else {
            return condition(.enforced, .unknown, .nothingApplied, "nothing is applied yet", since: unit.createdAt)
        }
        let applied = report.revisions[id]?.appliedAt ?? unit.createdAt
        let counted = report.replicas.filter { !report.isGone($0) }
        guard !counted.isEmpty else {
            return condition(.enforced, .unknown, .noGateway, "no gateway reports what it enforces", since: applied)
        }
        if let found = strange(counted) ?? behind(counted, id, since: applied) ?? silent(counted, id) { return found }
        let count = counted.count == 1 ? "1 gateway enforces" : "\(counted.count) gateways enforce"
        return condition(.enforced, .true, .enforced, "\(count) revision \(id)", since: counted.map(\.since).max())
    }

    /// Gateways that hold something else than what was applied as the revision they name.
    private func strange(_ replicas: [Replica]) -> Condition? {
        let found = replicas.filter { report.standing(of: $0) == .differs }
        guard let first = found.first else { return nil }
        return condition(
            .enforced, .false, .digestDiffers,
            "\(Self.names(found)) \(found.count == 1 ? "has" : "have") another state than revision \(first.revision) was applied with",
            since: found.map(\.since).max())
    }

    private func behind(_ replicas: [Replica], _ id: Int64, since: Instant) -> Condition? {
        let found = replicas.filter { !report.isSilent($0) && $0.revision < id }
        guard let first = found.min(by: { $0.revision < $1.revision }) else { return nil }
        return condition(
            .enforced, .false, .gatewayBehind,
            "\(found.count) of \(replicas.count) gateways \(found.count == 1 ? "enforces" : "enforce") an older revision than \(id): "
                + "\(Self.names(found)), from \(first.revision) on", since: since)
    }

    /// Gateways that had not come so far when they were last heard of; one that had can only be at the same or stopped.
    private func silent(_ replicas: [Replica], _ id: Int64) -> Condition? {
        let found = replicas.filter { report.isSilent($0) && $0.revision < id }
        guard let first = found.first else { return nil }
        return condition(
            .enforced, .unknown, .gatewaySilent,
            "\(Self.names(found)) \(found.count == 1 ? "was" : "were") last heard of at \(first.reportedAt.iso8601), at revision "
                + "\(first.revision) of \(id)", since: report.silence(of: first))
    }

    /// At most three, then how many more.
    private static func names(_ replicas: [Replica]) -> String {
        let shown = replicas.prefix(3).map(\.id).joined(separator: ", ")
        return replicas.count > 3 ? "\(shown) and \(replicas.count - 3) more" : shown
    }

    var drifted: Condition {
        guard let scan = report.scans[unit.name] else {
            return condition(.drifted, .unknown, .notScanned, "the rows were not compared with what was applied yet", since: unit.createdAt)
        }
        guard scan.resources > 0 else {
            return condition(.drifted, .false, .asApplied, "the rows are as revision \(scan.revision) left them", since: scan.since)
        }
        if let contest = report.contested.first(where: { $0.unit == unit.name }) {
            return condition(
                .drifted, .true, .contested, "\(contest.contest); charter drift revert has it take part again", since: scan.since)
        }
        let names = scan.firstNames
        let shown = names.isEmpty ? "" : ": " + names.joined(separator: ", ") + (scan.resources > names.count ? " and others" : "")
        return condition(
            .drifted, .true, .drifted,
            "\(scan.resources) resource\(scan.resources == 1 ? "" : "s") in \(scan.fields) field\(scan.fields == 1 ? "" : "s") "
                + "differ from revision \(scan.revision)\(shown)", since: scan.since)
    }
}
