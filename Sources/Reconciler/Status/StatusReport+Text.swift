internal import Spec
internal import Store

extension StatusReport {
    package var text: String {
        guard !units.isEmpty else { return "Nothing is applied yet: charter apply, or charter watch, begins." }
        return (units.map(text(of:)) + [replicaText, DigestComparison(self).text, recipientText, blameText]).filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    private func text(of unit: UnitStatus) -> String {
        var lines = ["unit \(unit.name)    \(unit.repository.printable)"]
        lines += ConditionTable(conditions: conditions(of: unit), age: age).lines
        lines.append("")
        if let suspension = suspensions[unit.name] { lines += text(of: suspension) }
        if let hold = holds[unit.name] { lines += text(of: hold) }
        lines.append("  fetched    \(mark(unit.fetched))")
        if let failure = unit.fetchError {
            lines.append("             last error \(age(failure.at)): \(failure.message.printable)")
        }
        if let since = unit.staleSince {
            lines.append("             SourceStale: nothing was read since \(age(since)); what is applied stays in force")
        }
        if let remark = unit.mirrorKept { lines.append("             \(remark.printable)") }
        if let verification = verifications[unit.name] { lines += text(of: verification) }
        lines.append("  validated  \(mark(unit.validated))")
        lines.append("  applied    \(appliedText(unit))")
        if let lead = leads[unit.name] { lines.append("  led by     \(text(of: lead))") }
        if let changes = changes[unit.name] { lines += text(of: changes) }
        if let plan = waiting[unit.name] { lines += text(of: plan) }
        if let rejected = unit.rejected { lines += text(of: rejected) }
        return lines.joined(separator: "\n")
    }

    private func text(of lead: Lead) -> String {
        lead.isHeld
            ? "\(lead.holder.printable)  since \(age(lead.since))"
            : "nobody: the lead of \(lead.holder.printable) ended \(age(lead.until))"
    }

    private func text(of changes: WaitingChanges) -> [String] {
        let head = "  changes    \(changes.count) change\(changes.count == 1 ? " waits" : "s wait") since \(age(changes.since)); see charter changes list"
        return [head] + (changes.trouble.map { ["             \($0.printable)"] } ?? [])
    }

    /// Who signed what was judged last; why it is refused stands below, with the rejected commit.
    private func text(of verification: UnitVerification) -> [String] {
        let head = "  verified   \(verification.commit.prefix(10))  \(age(verification.at))  \(verification.sentence.printable)"
        guard verification.outcome == "warned" else { return [head] }
        return [head] + RecordedDiagnostic.list(verification.findings).map { "             warning: \($0.text.printable)" }
    }

    private func text(of hold: UnitHold) -> [String] {
        [
            "  HELD       at the state of revision \(hold.restored)  by \(hold.actor.printable)  \(age(hold.since))  "
                + "until the branch reverts what was undone, or charter resume \(hold.unit)",
            "             \(hold.reason.printable)",
        ]
    }

    private func text(of suspension: UnitSuspension) -> [String] {
        let end = suspension.until.map { "until \($0.iso8601)" } ?? "until charter resume \(suspension.unit)"
        return [
            "  SUSPENDED  by \(suspension.actor.printable)  \(age(suspension.since))  \(end)",
            "             \(suspension.reason.printable)",
        ]
    }

    /// The commit that waits, why, and what lets it pass.
    private func text(of plan: WaitingPlan) -> [String] {
        let blocks = RecordedBlock.list(plan.blocks)
        var lines = ["  blocked    \(plan.commit.prefix(10))  \(age(plan.since))  plan \(plan.digest.prefix(WaitingPlan.digitsShown))"]
        lines += blocks.map { "             [\($0.code)] \($0.message.printable)" }
        lines += RecordedBlock.remarks(plan.remarks).map { "             note: \($0.printable)" }
        if let command = RecordedBlock.command(for: blocks, digest: plan.digest) {
            lines.append("             to let it pass: \(command)")
        }
        return lines
    }

    private func appliedText(_ unit: UnitStatus) -> String {
        guard let id = unit.applied else { return "nothing yet" }
        guard let revision = revisions[id] else { return "revision \(id)" }
        return "\(revision.commit.prefix(10))  \(age(revision.appliedAt))  revision \(id) "
            + "\"\(revision.message.printable)\" by \(revision.author.printable)"
    }

    private func text(of rejected: UnitStatus.Rejection) -> [String] {
        let reasons = RecordedDiagnostic.list(rejected.diagnostics)
        return [
            "  rejected   \(rejected.commit.prefix(10))  \(age(rejected.at))  \(reasons.count) error\(reasons.count == 1 ? "" : "s"); the last good revision stays in force"
        ]
            + reasons.map { "             \($0.text.printable)" }
    }

    private var replicaText: String {
        guard !replicas.isEmpty else { return "no gateway has reported yet" }
        let rows = replicas.map { replica in
            return "  \(replica.id.printable)    revision \(replica.revision)    \(verdict(of: replica))"
        }
        return (["enforced by"] + rows).joined(separator: "\n")
    }

    /// Who could not be told of events; nothing where all is well.
    private var recipientText: String {
        let lines = recipients.compactMap(\.trouble).map { "  \($0)" }
        return lines.isEmpty ? "" : (["events not delivered; see charter events list"] + lines).joined(separator: "\n")
    }

    /// Nothing where nobody asked for it.
    private var blameText: String {
        switch driftBlame {
        case .off: ""
        case .partial: "drift blame is incomplete: triggers are missing or disabled; charter migrate --drift-blame installs them anew"
        case .on: "drift blame is on: PostgreSQL notes who writes declared state beside Charter"
        }
    }

    private func verdict(of replica: Replica) -> String {
        switch standing(of: replica) {
        case .inForce: "in force since \(age(replica.since))"
        case .behind: "behind revision \(revision?.id ?? 0)"
        case .differs: "state digest differs from what was applied"
        case .silent: "silent since \(age(replica.reportedAt))"
        case .gone: "silent since \(age(replica.reportedAt)), taken for stopped"
        }
    }

    private func mark(_ mark: UnitStatus.CommitMark?) -> String {
        mark.map { "\($0.commit.prefix(10))  \(age($0.at))" } ?? "nothing yet"
    }

    private func age(_ at: Instant) -> String {
        let seconds = max(0, (now.milliseconds - at.milliseconds) / 1000)
        switch seconds {
        case ..<120: return "\(seconds) s ago"
        case ..<7200: return "\(seconds / 60) min ago"
        case ..<172_800: return "\(seconds / 3600) h ago"
        default: return at.iso8601
        }
    }
}
