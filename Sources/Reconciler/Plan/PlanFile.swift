internal import Crypto
internal import Spec
internal import Store

/// A plan that was looked at, kept to be applied later: exactly that, or nothing. A value.
///
/// It names what the plan would do by digests, and so holds no value of any resource.
package struct PlanFile: Hashable, Sendable {
    static let document = SealedText(name: "charter plan", formats: 1...1)
    /// Of a file that is read; one of a hundred thousand changes takes about a third.
    package static let bytesMax = 64 << 20

    package var unit: String
    /// As people know it; a path is known by the commit alone, since checkouts lie anywhere.
    package var repository: String
    package var folder: String
    package var commit: String
    package var base: Plan.AppliedCommit?
    /// Of the plan; what an approval is bound to.
    package var digest: String
    /// Of what hands had changed in the database; nil where nobody looked.
    package var drift: String?
    /// Of the rules of the repository that judged it.
    package var rules: String
    /// The version of Charter that made it.
    package var engine: String
    package var changes: [Entry] = []
    package var drifted: [Entry] = []

    /// What happens to one resource.
    package struct Entry: Hashable, Sendable {
        /// With the symbol of what happens to it.
        package var name: String
        /// Stands for all of it.
        package var digest: String
    }

    package init(_ plan: Plan, of source: GitSource) {
        self.init(plan)
        repository = "\(source.location)"
        folder = source.folder
    }

    /// Of no repository in particular.
    init(_ plan: Plan) {
        unit = plan.unit
        (repository, folder) = ("", "")
        commit = plan.tip.id.hex
        base = plan.base
        digest = plan.digest.hex
        drift = plan.isDriftKnown ? plan.driftDigest.hex : nil
        rules = plan.rules
        engine = CharterVersion.current
        changes = plan.changes.map { Entry("\($0.symbol.rawValue) \($0.title)", $0.digest.hex) }
        drifted = plan.drift.map { Entry("\(ChangeSymbol.amiss.rawValue) \($0.resource)", SHA256.digest($0.json.text).hex) }
    }
}

extension PlanFile.Entry {
    fileprivate init(_ name: String, _ digest: String) { self.init(name: name, digest: digest) }
}

extension AppliedState {
    /// The digest of the rules of the repository as applied last; empty where none are.
    var rulesDigest: String {
        let declared = applied.first { $0.value.key.kind == .repository }?.value ?? rest.rules?.0
        return declared.map { StateDigest.row($0.key, $0.canonical).hex } ?? ""
    }
}
