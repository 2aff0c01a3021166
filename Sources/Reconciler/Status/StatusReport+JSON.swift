package import Spec
internal import Store

extension StatusReport {
    package var json: JSONTree {
        .object([
            ("format", .int(2)), ("at", .string(now.iso8601)),
            ("revision", revision.map(json(of:)) ?? .null),
            ("enforced", .bool(isEnforced)),
            ("units", .array(units.map(json(of:)))),
            ("replicas", .array(replicas.map(json(of:)))), ("digests", DigestComparison(self).json),
            ("recipients", .array(recipients.map(\.json))), ("drift_blame", .string(driftBlame.rawValue)),
        ])
    }

    private func json(of revision: Revision) -> JSONTree {
        .object([
            ("id", .int(revision.id)), ("commit", .string(revision.commit)), ("author", .string(revision.author)),
            ("message", .string(revision.message)), ("applied_at", .string(revision.appliedAt.iso8601)),
            ("state_digest", .string(revision.stateDigest)), ("min_engine", .string(revision.minEngine)),
        ])
    }

    private func json(of unit: UnitStatus) -> JSONTree {
        let name: [(String, JSONTree)] = [
            ("name", .string(unit.name)), ("repository", .string(unit.repository)), ("folder", .string(unit.folder)),
            ("conditions", .array(conditions(of: unit).map(\.json))),
        ]
        return .object(name + source(of: unit) + judgement(of: unit) + state(of: unit))
    }

    private func source(of unit: UnitStatus) -> [(String, JSONTree)] {
        let failure: JSONTree =
            unit.fetchError.map { .object([("message", .string($0.message)), ("at", .string($0.at.iso8601))]) } ?? .null
        return [
            ("fetched", json(of: unit.fetched)), ("fetch_error", failure),
            ("stale_since", .optional(unit.staleSince?.iso8601)), ("mirror_kept", .optional(unit.mirrorKept)),
        ]
    }

    private func judgement(of unit: UnitStatus) -> [(String, JSONTree)] {
        [
            ("verified", verifications[unit.name].map(json(of:)) ?? .null), ("validated", json(of: unit.validated)),
            ("suspended", suspensions[unit.name].map(json(of:)) ?? .null),
            ("held", holds[unit.name].map(json(of:)) ?? .null), ("blocked", waiting[unit.name].map(json(of:)) ?? .null),
        ]
    }

    private func state(of unit: UnitStatus) -> [(String, JSONTree)] {
        [
            ("applied_revision", unit.applied.map { .int($0) } ?? .null),
            ("drift", scans[unit.name].map(json(of:)) ?? .null), ("drift_findings", json(of: driftTallies[unit.name] ?? DriftTally())),
            ("lead", leads[unit.name].map(json(of:)) ?? .null),
            ("rejected", unit.rejected.map(json(of:)) ?? .null), ("changes", changes[unit.name].map(json(of:)) ?? .null),
        ]
    }

    private func json(of tally: DriftTally) -> JSONTree {
        .object([
            ("open", .int(tally.open)), ("contested", .int(tally.contested)), ("adopting", .int(tally.adopting)),
            ("tolerated", .int(tally.tolerated)),
        ])
    }

    private func json(of changes: WaitingChanges) -> JSONTree {
        .object([
            ("waiting", .int(changes.count)), ("since", .string(changes.since.iso8601)), ("waits_for", .optional(changes.trouble)),
        ])
    }

    private func json(of rejected: UnitStatus.Rejection) -> JSONTree {
        .object([
            ("commit", .string(rejected.commit)), ("at", .string(rejected.at.iso8601)),
            ("diagnostics", .raw(rejected.diagnostics)),
        ])
    }

    private func json(of verification: UnitVerification) -> JSONTree {
        .object([
            ("commit", .string(verification.commit)), ("at", .string(verification.at.iso8601)),
            ("outcome", .string(verification.outcome)), ("signature", .string(verification.signature)),
            ("signers", .array(verification.signers.map(JSONTree.string))),
            ("fingerprint", .optional(verification.fingerprint)), ("findings", .raw(verification.findings)),
        ])
    }

    private func json(of hold: UnitHold) -> JSONTree {
        .object([
            ("restored", .int(hold.restored)), ("by", .string(hold.actor)), ("reason", .string(hold.reason)),
            ("since", .string(hold.since.iso8601)),
        ])
    }

    private func json(of suspension: UnitSuspension) -> JSONTree {
        .object([
            ("by", .string(suspension.actor)), ("reason", .string(suspension.reason)),
            ("since", .string(suspension.since.iso8601)), ("until", .optional(suspension.until?.iso8601)),
        ])
    }

    private func json(of plan: WaitingPlan) -> JSONTree {
        .object([
            ("commit", .string(plan.commit)), ("author", .string(plan.author)), ("digest", .string(plan.digest)),
            ("since", .string(plan.since.iso8601)), ("blocks", .raw(plan.blocks)), ("remarks", .raw(plan.remarks)),
            ("command", .optional(RecordedBlock.command(for: RecordedBlock.list(plan.blocks), digest: plan.digest))),
        ])
    }

    private func json(of scan: DriftScan) -> JSONTree {
        .object([
            ("at", .string(scan.at.iso8601)), ("revision", .int(scan.revision)), ("resources", .int(scan.resources)),
            ("fields", .int(scan.fields)), ("first", .raw(scan.first)), ("since", .string(scan.since.iso8601)),
        ])
    }

    private func json(of lead: Lead) -> JSONTree {
        .object([
            ("holder", .string(lead.holder)), ("held", .bool(lead.isHeld)), ("since", .string(lead.since.iso8601)),
            ("until", .string(lead.until.iso8601)),
        ])
    }

    private func json(of mark: UnitStatus.CommitMark?) -> JSONTree {
        mark.map { .object([("commit", .string($0.commit)), ("at", .string($0.at.iso8601))]) } ?? .null
    }

    private func json(of replica: Replica) -> JSONTree {
        .object([
            ("id", .string(replica.id)), ("revision", .int(replica.revision)),
            ("state_digest", .string(replica.stateDigest)),
            ("version", .string(replica.version)), ("started_at", .string(replica.startedAt.iso8601)),
            ("reported_at", .string(replica.reportedAt.iso8601)), ("silent", .bool(isSilent(replica))),
            ("override_sequence", .int(replica.overrideSequence)), ("since", .string(replica.since.iso8601)), ("standing", .string(standing(of: replica).rawValue)),
        ])
    }
}
