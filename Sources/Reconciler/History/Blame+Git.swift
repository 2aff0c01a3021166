internal import Spec
package import Store

extension Blame {
    /// What looking into Git needs to know of a revision.
    private struct Span: Hashable {
        var tip: ObjectID
        /// The commit applied before; nil where all of history may answer.
        var base: ObjectID?
    }

    /// Asks Git, where one revision brought several commits, after which of them each field first read so.
    ///
    /// What the repository does not hold stays as the database knows it.
    package mutating func consult(_ repository: GitRepository, _ transaction: Transaction) throws {
        isExact = true
        for id in Set(lines.map(\.revision.id)) {
            guard let revision = lines.first(where: { $0.revision.id == id })?.revision,
                let span = try Self.span(of: revision, transaction),
                let resource = try History.state(transaction, at: id, of: [uid])[uid],
                let provenance = try ProvenanceTable.at(transaction, revision: id, uids: [uid])[uid]
            else { continue }
            if try !consult(repository, span, resource, provenance, id) { isExact = false }
        }
    }

    private static func span(of revision: Revision, _ transaction: Transaction) throws -> Span? {
        guard let tip = revision.vector[revision.unit].flatMap({ ObjectID(hex: $0) }) else { return nil }
        // What a rollback brought back may be of any age.
        guard revision.act == .apply else { return Span(tip: tip, base: nil) }
        let before = try Revisions.before(transaction, revision.id, unit: revision.unit)
        return Span(tip: tip, base: before?.vector[revision.unit].flatMap { ObjectID(hex: $0) })
    }

    /// False when the repository does not hold the commit.
    private mutating func consult(
        _ repository: GitRepository, _ span: Span, _ resource: PastResource, _ provenance: Provenance, _ id: Int64
    ) throws(GitError) -> Bool {
        guard let tip = try repository.commitIfPresent(span.tip) else { return false }
        if span.base != nil && tip.firstParent == span.base {
            settle(on: tip, id)
            return true
        }
        let paths = Set([provenance.path] + SourceFile.folderDefaultsPaths(above: provenance.path))
        let walk = try repository.lastChanges(of: paths, following: paths, from: tip, downTo: span.base)
        let names = [resource.key] + resource.previousKeys
        var unsettled = Set(lines.indices.filter { lines[$0].revision.id == id })
        for commit in walk.touches(ofAny: Array(paths)) where !unsettled.isEmpty {
            let texts = try Authorship.texts(of: provenance.path, before: commit, in: repository)
            let before = names.compactMap { texts[$0] }.first.map { FieldLeaves(of: $0).values } ?? [:]
            for index in unsettled where before[lines[index].path] != lines[index].value {
                lines[index].commit = commit
                unsettled.remove(index)
            }
        }
        return true
    }

    private mutating func settle(on commit: Commit, _ id: Int64) {
        for index in lines.indices where lines[index].revision.id == id { lines[index].commit = commit }
    }
}

extension PastResource {
    /// The names that it says it had before.
    fileprivate var previousKeys: [ResourceKey] {
        let names = (try? Resource.decode(key: key, canonical: canonical))?.metadata.previousNames ?? []
        return names.map { ResourceKey(org: key.org, kind: key.kind, name: $0) }
    }
}
