internal import Spec
internal import Store

/// A declaration as it stood at one revision, with who answers for it.
struct PastDeclaration {
    let uid: String
    let key: ResourceKey
    /// Canonical text.
    let declared: String
    /// Nil where no place was kept.
    let provenance: Provenance?

    /// Nil for what this program does not understand any more.
    var body: Body? { (try? Resource.decode(key: key, canonical: declared))?.body }

    /// The project whose thing it is.
    var project: String? { (try? Resource.decode(key: key, canonical: declared))?.project }

    /// `path:line`
    var place: String? { provenance.map { "\($0.path):\($0.document.line)" } }

    /// Those of these lineages that were declared then, in their order.
    static func of(_ uids: [String], at revision: Int64, _ transaction: Transaction) throws -> [PastDeclaration] {
        let found = try History.state(transaction, at: revision, of: uids)
        let provenance = try ProvenanceTable.at(transaction, revision: revision, uids: Array(found.keys))
        return uids.compactMap { uid in
            found[uid].map { PastDeclaration(uid: uid, key: $0.key, declared: $0.canonical, provenance: provenance[uid]) }
        }
    }

    /// What was declared then by this name, or under every name, of an organization, or of the platform where `org` is nil.
    static func named(
        _ kind: Kind, _ name: String? = nil, in org: String?, at revision: Int64, _ transaction: Transaction
    ) throws -> [PastDeclaration] {
        let uids = try History.uids(transaction, org.map { Tenancy.organization($0) } ?? .platform, kind: kind, name: name)
        // What had the name at another time is something else.
        return try of(uids, at: revision, transaction).filter { $0.key.org == org && (name == nil || $0.key.name == name) }
    }

    /// Whether the rule at `path:line` stands in this document, or in a folder's defaults that it has.
    func holds(_ rule: String) -> Bool {
        guard let provenance, let (path, line) = Self.place(rule) else { return false }
        if path == provenance.path { return provenance.document.line <= line }
        var isInherited = false
        provenance.spans.forEach { _, position, file in
            if file == path, position.line == line { isInherited = true }
        }
        return isInherited
    }

    private static func place(_ rule: String) -> (path: String, line: Int)? {
        guard let colon = rule.lastIndex(of: ":"), let line = Int(rule[rule.index(after: colon)...]) else { return nil }
        return (String(rule[..<colon]), line)
    }

    /// The one in which a rule stands: of several in one file the last that begins before it.
    static func holding(_ rule: String, among declarations: [PastDeclaration]) -> PastDeclaration? {
        let holders = declarations.filter { $0.holds(rule) }
        guard let path = place(rule)?.path else { return nil }
        let own = holders.filter { $0.provenance?.path == path }
        return own.max { ($0.provenance?.document.line ?? 0) < ($1.provenance?.document.line ?? 0) } ?? (holders.count == 1 ? holders.first : nil)
    }
}
