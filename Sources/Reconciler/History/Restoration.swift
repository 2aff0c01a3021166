package import Spec
internal import Store

/// An earlier state of a unit on its way back: what a commit would not say of itself.
struct Restoration: Sendable {
    /// The revision whose state it is.
    let revision: Revision
    /// The lineage that each resource had then, whatever became of its name.
    let choices: [ResourceKey: LineageChoice]
    /// Where each was written then, by uid.
    let provenance: [String: Provenance]
}

extension StateDifference {
    /// Brings back what `unit` had at `revision`; what `applied` says of other units stays as it is.
    init(
        rollingBack unit: String, to revision: Revision, by actor: String, because reason: String,
        from applied: AppliedState, _ transaction: Transaction
    ) throws {
        let state = try History.state(transaction, at: revision.id, unit: unit)
        let provenance = try ProvenanceTable.at(transaction, revision: revision.id, uids: Array(state.keys))
        guard let commit = revision.vector[unit].flatMap({ ObjectID(hex: $0) }) else {
            throw RollbackProblem.unitNotThere(unit, revision.id)
        }

        var resources: [ResourceKey: Resource] = [:]
        var choices: [ResourceKey: LineageChoice] = [:]
        var walk = CommitWalk()
        walk.metBase = true
        for (uid, row) in state {
            do { resources[row.key] = try row.decoded(provenance[uid]) } catch {
                throw RollbackProblem.unreadable(row.key, "\(error)")
            }
            choices[row.key] = applied.lineages.choice(of: uid, as: row.key, before: applied.applied[uid]?.key)
            walk.lastChangeOfResource[row.key] = provenance[uid].map { Commit($0) }
        }
        try applied.others.check(beside: state)
        // Exactly that state comes back, whatever the rules then or now keep from being deleted.
        var rules = Repository.standard
        rules.prune = .on
        let desired = DesiredState(
            commit: Commit(
                id: commit, tree: .zero, firstParent: nil, author: actor, committedAt: revision.committedAt,
                summary: "Rollback to revision \(revision.id): \(reason)"),
            resources: resources, repository: rules, blobs: [:], fileCount: resources.count, warnings: [])
        self.init(
            unit: unit, desired: desired, applied: applied, walk: walk,
            restoring: Restoration(revision: revision, choices: choices, provenance: provenance))
        for index in plan.changes.indices where plan.changes[index].reason != nil {
            plan.changes[index].reason = .rolledBack(to: revision.id)
        }
    }
}

extension OtherUnits {
    /// Refuses a state that does not hold together with what the other units have applied by now.
    fileprivate func check(beside state: [String: PastResource]) throws {
        guard !isEmpty else { return }
        let names = Set(state.values.map(\.key))
        let taken = rows.filter { state[$0.key] != nil || names.contains($0.value.key) }
            .map { "\($0.value.key) is declared by unit \(units[$0.key] ?? "") now" }.sorted()
        guard taken.isEmpty else { throw RollbackProblem.brokenBeside(taken) }
        var both = self
        both.rows.merge(state) { $1 }
        let errors = DeclarationCheck(files: both.files(), refusals: []).diagnostics.filter { $0.severity == .error }
        guard errors.isEmpty else { throw RollbackProblem.brokenBeside(errors.map(\.message)) }
    }
}

extension LineageBook {
    /// How the resource of a known uid comes to its name again; `present` is the name it has now, nil where it is deleted.
    fileprivate func choice(of uid: String, as key: ResourceKey, before present: ResourceKey?) -> LineageChoice {
        if present == key { return .kept(uid: uid) }
        if present == nil, self[key]?.uid == uid { return .reopened(uid: uid) }
        return .renamed(uid: uid, from: present ?? key)
    }
}

/// Why an earlier state cannot be brought back.
package enum RollbackProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// Another unit has moved to what refers to things that would go, or declares names that would come back.
    case brokenBeside([String])
    case unitNotThere(String, Int64)
    case unreadable(ResourceKey, String)
    /// The guard has something against it.
    case blocked([GuardBlock], digest: String, [String])

    package var description: String {
        switch self {
        case .brokenBeside(let reasons):
            "that state does not hold together with what other units have applied since: \(reasons.joined(separator: "; "))"
        case .unitNotThere(let unit, let revision): "at revision \(revision) there was no unit \(unit.printable)"
        case .unreadable(let key, let reason): "this program cannot read \(key) as it was then: \(reason)"
        case .blocked(let blocks, let digest, let remarks):
            (blocks.map { "blocked [\($0.code)]: \($0)" } + remarks.map { "note: \($0)" }
                + [Self.remedy(blocks, digest: digest)]).joined(separator: "\n")
        }
    }

    /// How a person lets a rollback pass.
    static func remedy(_ blocks: [GuardBlock], digest: String) -> String {
        guard blocks.allSatisfy(\.isApprovable) else { return "no word lets it pass" }
        return "to let it pass: the same with --approve \(digest.prefix(WaitingPlan.digitsShown))"
    }

    /// For machines, in place of an outcome.
    package var json: JSONTree {
        guard case .blocked(let blocks, let digest, let remarks) = self else {
            return .object([("outcome", .string("refused")), ("message", .string(description))])
        }
        return .object([
            ("outcome", .string("blocked")), ("digest", .string(digest)), ("blocks", .array(blocks.map(\.json))),
            ("remarks", .array(remarks.map(JSONTree.string))),
        ])
    }
}
