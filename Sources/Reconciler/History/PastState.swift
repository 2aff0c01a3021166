package import Spec
package import Store

/// The applied state, or a part of it, at one revision.
package struct PastState: Sendable {
    package var revision: Revision
    /// By uid.
    package var resources: [String: PastResource]
    /// Where each is written, by uid.
    package var provenance: [String: Provenance]

    /// The resources of these uids that were declared then.
    package init(_ transaction: Transaction, at revision: Revision, of uids: [String]) throws {
        self.revision = revision
        resources = try History.state(transaction, at: revision.id, of: uids)
        provenance = try ProvenanceTable.at(transaction, revision: revision.id, uids: Array(resources.keys))
    }

    /// What `query` asks for.
    package init(_ transaction: Transaction, at revision: Revision, _ query: ResourceQuery) throws {
        let uids = try History.uids(transaction, query.tenancy, kind: query.kind, name: query.name)
        try self.init(transaction, at: revision, of: uids)
        // What had that name at another time is something else now.
        resources = resources.filter { query.matches($0.value.key) }
    }

    /// Both ends of a comparison, with the places of what differs between them alone.
    static func differing(
        _ transaction: Transaction, from: Revision, to: Revision, of uids: [String]
    ) throws -> (before: PastState, after: PastState) {
        var (before, after) = (PastState(nothingBefore: from), PastState(nothingBefore: to))
        before.resources = try History.state(transaction, at: from.id, of: uids)
        after.resources = try History.state(transaction, at: to.id, of: uids)
        let same = uids.filter { before.resources[$0] == after.resources[$0] }
        for uid in same { (before.resources[uid], after.resources[uid]) = (nil, nil) }
        before.provenance = try ProvenanceTable.at(transaction, revision: from.id, uids: Array(before.resources.keys))
        after.provenance = try ProvenanceTable.at(transaction, revision: to.id, uids: Array(after.resources.keys))
        return (before, after)
    }

    /// Nothing at all, as before the first revision.
    init(nothingBefore revision: Revision) {
        self.revision = revision
        resources = [:]
        provenance = [:]
    }

    /// With their places, in the order of their names.
    package func decoded() throws -> [Resource] {
        try resources.map { uid, row in try row.decoded(provenance[uid]) }.sorted { $0.key < $1.key }
    }
}

extension PastResource {
    /// The declaration, with the places where it stood.
    func decoded(_ provenance: Provenance?) throws -> Resource {
        let resource = try Resource.decode(key: key, canonical: canonical)
        guard let provenance else { return resource }
        return Resource(
            key: resource.key, metadata: resource.metadata, body: resource.body, canonical: canonical,
            place: provenance.documentPlace, spans: provenance.spans, suspension: resource.suspension)
    }
}
