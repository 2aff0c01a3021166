internal import Policy
internal import Spec
internal import Store

/// A revision read whole from PostgreSQL and compiled.
struct StateLoad {
    let policy: DeclaredPolicy
    let revision: Revision
    /// Of the rows as they were read, which a hand may have changed since they were applied.
    let stateDigest: String
    let warnings: [String]
    /// What overrides have changed of it.
    let patches: PatchesInForce
    /// As declared, to be compiled again when an override ends; empty where none changes anything.
    private let declared: [GovernedResource]
    private let disclosure: Repository.Disclosure

    /// Reads the newest revision in one transaction that sees one moment; nil before the first apply.
    static func newest(_ connection: Connection, _ patches: PatchesInForce) throws -> StateLoad? {
        let read = try connection.transaction(.repeatableRead) { transaction in
            try Revisions.current(transaction).map { revision in
                (revision, try Resources.all(transaction), try ProvenanceTable.current(transaction))
            }
        }
        guard let (revision, rows, provenances) = read else { return nil }
        return try StateLoad(revision, rows, provenances, patches)
    }

    /// The same revision with other overrides; of one that is under some.
    func with(_ patches: PatchesInForce) -> StateLoad {
        StateLoad(revision, declared, stateDigest: stateDigest, disclosure, patches)
    }

    private init(
        _ revision: Revision, _ rows: [StoredResource], _ provenances: [String: Provenance], _ patches: PatchesInForce
    ) throws {
        guard EngineVersion.satisfies(GatewayVersion.current, revision.minEngine) else {
            throw StateFault(reason: "revision \(revision.id) needs gateway \(revision.minEngine) or later")
        }
        var disclosure = Repository.Disclosure.full
        var resources: [GovernedResource] = []
        resources.reserveCapacity(rows.count)
        for row in rows {
            let resource = try Resource.decode(key: row.key, canonical: row.canonical)
            if case .repository(let repository) = resource.body { disclosure = repository.disclosure }
            resources.append(
                GovernedResource(uid: row.uid, resource: resource, provenance: ResourceProvenance(provenances[row.uid])))
        }
        self.init(revision, resources, stateDigest: StateDigest(rows).hex, disclosure, patches)
    }

    private init(
        _ revision: Revision, _ declared: [GovernedResource], stateDigest: String, _ disclosure: Repository.Disclosure,
        _ patches: PatchesInForce
    ) {
        var warnings: [String] = []
        let resources = patches.applied(to: declared) { warnings.append($0) }
        let identity = RevisionIdentity(id: revision.id, commit: revision.commit, stateDigest: stateDigest)
        let compiled = Snapshot.policy(of: resources, revision: identity, disclosure: disclosure)
        policy = compiled.policy
        self.warnings = warnings + compiled.diagnostics.map(\.message)
        self.revision = revision
        self.stateDigest = stateDigest
        self.disclosure = disclosure
        self.patches = patches
        self.declared = patches.isEmpty ? [] : declared
    }
}

/// A state that this gateway cannot take.
struct StateFault: Error, CustomStringConvertible {
    var reason: String
    var description: String { reason }
}

extension ResourceProvenance {
    /// A resource whose place is not known is still enforced.
    fileprivate init(_ stored: Provenance?) {
        guard let stored else {
            self.init(path: "", document: Position(line: 1, column: 1), spans: .none)
            return
        }
        self.init(
            path: stored.path, document: stored.document, spans: stored.spans, commit: stored.commit, author: stored.author)
    }
}

/// Dotted version numbers.
enum EngineVersion {
    /// Whether `version` is `wanted` or later; no wish is always met.
    static func satisfies(_ version: String, _ wanted: String) -> Bool {
        if wanted.isEmpty { return true }
        let have = numbers(version)
        let want = numbers(wanted)
        for index in 0..<max(have.count, want.count) {
            let (first, second) = (index < have.count ? have[index] : 0, index < want.count ? want[index] : 0)
            if first != second { return first > second }
        }
        return true
    }

    private static func numbers(_ version: String) -> [Int] {
        version.split(separator: ".").map { Int($0.prefix { $0.isNumber }) ?? 0 }
    }
}
