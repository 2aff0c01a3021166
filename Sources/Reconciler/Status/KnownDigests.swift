package import Spec

internal import Store

/// Digests of the state that are not read but computed, at a cost.
package struct KnownDigests: Hashable, Sendable {
    /// Of the rows as they are; nil where they were not added up.
    package var rows: RowsDigest?
    /// What the branches ask for, by the unit's name.
    package var git: [String: GitDigest] = [:]

    package init() {}
}

/// The digest that the table of resources had at a moment.
package struct RowsDigest: Hashable, Sendable {
    /// 64 hexadecimal digits.
    package var hex: String
    package var at: Instant
    /// The newest revision at that moment.
    package var revision: Int64

    package init(hex: String, at: Instant, revision: Int64) {
        self.hex = hex
        self.at = at
        self.revision = revision
    }

    /// Of rows that were read for something else; nil where some could not be.
    init?(_ state: AppliedState, _ transaction: Transaction) throws {
        guard state.strangers.isEmpty else { return nil }
        self.init(
            hex: StateDigest(state.actual.values).hex, at: try transaction.clock(), revision: state.revision?.id ?? 0)
    }
}

/// The state that a unit's branch asks for.
package struct GitDigest: Hashable, Sendable {
    package var commit: String
    /// The digest that the whole state would have, other units and what is not pruned included; nil where the commit is not valid.
    package var hex: String?
    /// Why there is none.
    package var problem: String?
    /// The newest revision when it was computed; nil where that was a moment ago.
    package var revision: Int64?

    package init(commit: String, hex: String?, problem: String? = nil, revision: Int64? = nil) {
        self.commit = commit
        self.hex = hex
        self.problem = problem
        self.revision = revision
    }

    /// Reads what the branch names now, as for a plan.
    package static func read(_ source: GitSource, database: String, unit: String) throws -> GitDigest {
        switch try PlanRequest(.tip(source), against: .database(database), unit: unit).run() {
        case .planned(let plan, _): GitDigest(commit: plan.tip.id.hex, hex: plan.stateDigest.hex)
        case .rejected(let rejection): GitDigest(rejection)
        }
    }

    /// As the reconciler that judged the branch last wrote it down; nil where none did, or what is wrong lies elsewhere.
    init?(_ unit: UnitStatus) {
        if let rejected = unit.rejected {
            guard !RecordedDiagnostic.list(rejected.diagnostics).contains(where: \.isStuck) else { return nil }
            self.init(commit: rejected.commit, hex: nil, problem: "it was rejected")
        } else {
            guard let validated = unit.validated, let asked = unit.asked else { return nil }
            self.init(commit: validated.commit, hex: asked.digest, revision: asked.beside)
        }
    }

    init(_ rejection: Rejection) {
        self.init(
            commit: rejection.commit.id.hex, hex: nil,
            problem: rejection.errorCount == 1 ? "it has an error" : "it has \(rejection.errorCount) errors")
    }
}

extension Plan {
    /// The state that it leads to, as the unit's row keeps it.
    var askedState: UnitStatus.AskedState { UnitStatus.AskedState(digest: stateDigest.hex, beside: base?.revision ?? 0) }
}
