/// The rules of the repository itself, in the `charter.yaml` at its root.
package struct Repository: Hashable, Sendable {
    /// How often the whole state in the database is compared with what was applied.
    package var driftInterval: Duration
    /// What `watch` does with drift it finds.
    package var drift: DriftAction
    /// The same for single kinds.
    package var driftFor: [ByKind<DriftAction>] = []
    /// In whose name drift is declared, as `organization/member`; nil where it is declared for people alone.
    package var adoptAs: String?
    /// Whether resources that left the repository are deleted.
    package var prune: PruneMode
    /// The same for single kinds.
    package var pruneFor: [ByKind<PruneMode>] = []
    /// How much of a rule a refused client is told.
    package var disclosure: Disclosure
    package var sync = SyncMode.auto
    /// What becomes of a branch that lacks the applied commit.
    package var history = HistoryMode.forward
    package var guards: Guards?
    package var protect: [Protection] = []
    package var approvals: Approvals?
    package var signatures: Signatures?
    package var signers: [Signer] = []
    /// Of several rules for a path, the last one holds.
    package var owners: [OwnerRule] = []
    package var writeBack: WriteBack?
    package var notifications: [Notice] = []
    package var statuses: [StatusTarget] = []
    package var webhooks: [Push] = []

    package enum DriftAction: String, CaseIterable, Sendable {
        case report
        /// Written `revert` too.
        case correct
        /// By a commit that declares it.
        case adopt
    }

    /// What `watch` does with drift of this kind; nil for a kind that does not exist.
    package func driftAction(of kind: Kind?) -> DriftAction { driftFor.first { $0.kind == kind }?.value ?? drift }

    /// Whether `watch` asks for commits that declare drift of this kind; not where nobody is named for it, or nothing may be asked for.
    package func adopts(_ kind: Kind?) -> Bool { driftAction(of: kind) == .adopt && adoptLack == nil }

    /// The field without which no commit can come of `adopt`; nil where none is missing.
    var adoptLack: String? {
        if adoptAs == nil { return "adoptAs" }
        return (writeBack?.to ?? .off) == .off ? "writeBack" : nil
    }

    package enum PruneMode: String, CaseIterable, Sendable {
        case on = "true"
        case off = "false"
        /// Each plan with deletions waits for an approval.
        case confirm
    }

    /// What becomes of a resource of this kind that leaves the repository.
    package func prune(of kind: Kind) -> PruneMode { pruneFor.first { $0.kind == kind }?.value ?? prune }

    package enum Disclosure: String, CaseIterable, Sendable {
        /// Path, line, commit and author.
        case full
        /// Path and line only.
        case place
        /// The code and message alone.
        case code
    }

    package enum SyncMode: String, CaseIterable, Sendable {
        case auto
        /// Only `charter apply` moves the state.
        case manual
        /// Each commit waits for an approval.
        case proposals
    }

    package enum HistoryMode: String, CaseIterable, Sendable {
        /// A rewritten branch waits until a person says that it is meant.
        case forward
        case any
    }

    package struct ByKind<Value: Hashable & Sendable>: Hashable, Sendable {
        package var kind: Kind
        package var value: Value

        package init(kind: Kind, value: Value) { (self.kind, self.value) = (kind, value) }
    }

    /// What an owner says may stand at a path, and who may sign changes there.
    package struct OwnerRule: Hashable, Sendable {
        package var paths: [PathPattern]
        /// Empty means any.
        package var kinds: [Kind]
        /// Members and groups, as `name` or `organization/name`.
        package var by: [String]
        /// Names of `signers`.
        package var signers: [String]
    }

    /// A key that signs commits.
    package struct Signer: Hashable, Sendable {
        package enum Identity: Hashable, Sendable {
            case key(SSHPublicKey)
            case fingerprint(SSHFingerprint)
            case openPGP(OpenPGPKey)
        }

        package var name: String
        package var identity: Identity
    }
}
