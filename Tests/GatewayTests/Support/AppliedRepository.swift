import Crypto
import Spec
import Store
import Synchronization

/// Writes configurations into PostgreSQL as an apply does, with the provenance of the text they came from.
final class AppliedRepository: Sendable {
    private let database: String
    private let state = Mutex(State())

    private struct State {
        var files: [String: String] = [:]
        var uids: [ResourceKey: String] = [:]
    }

    struct Mistakes: Error {
        var text: String
    }

    init(database: String) { self.database = database }

    /// Changes files (an empty text removes one) and applies the whole; returns the revision.
    @discardableResult
    func apply(_ changed: [String: String]) throws -> Int64 {
        try state.withLock { state in
            for (path, text) in changed { state.files[path] = text.isEmpty ? nil : text }
            let declared = Specification.load(state.files.map { SourceFile(path: $0.key, bytes: Array($0.value.utf8)) })
            guard !declared.hasErrors else {
                throw Mistakes(text: declared.diagnostics.map { "\($0.place.map(String.init(describing:)) ?? ""): \($0.message)" }.joined(separator: "\n"))
            }
            for key in declared.resources.keys where state.uids[key] == nil { state.uids[key] = SecureRandom.uuid() }
            return try write(declared.resources, state.uids)
        }
    }

    /// Writes a revision of texts as they are, valid or not.
    func applyRaw(_ key: ResourceKey, canonical: String) throws {
        try Connection(database).transaction { transaction in
            try Units.ensure(transaction, name: "main", repository: "test", folder: "")
            let id = try Revisions.next(transaction)
            try Resources.upsert(
                transaction, [StoredResource(key: key, uid: SecureRandom.uuid(), canonical: canonical, revision: id, unit: "main")])
            try Revisions.record(transaction, Self.revision(id, StateDigest.inDatabase(transaction)))
        }
    }

    private func write(_ resources: [ResourceKey: Resource], _ uids: [ResourceKey: String]) throws -> Int64 {
        try Connection(database).transaction { transaction in
            try Units.ensure(transaction, name: "main", repository: "test", folder: "")
            let id = try Revisions.next(transaction)
            let gone = try Resources.all(transaction).map(\.key).filter { resources[$0] == nil }
            try Resources.delete(transaction, gone)
            try Resources.upsert(transaction, resources.map { key, resource in
                StoredResource(key: key, uid: uids[key] ?? "", canonical: resource.canonical, revision: id, unit: "main")
            })
            var provenances: [String: Provenance] = [:]
            for (key, resource) in resources {
                provenances[uids[key] ?? ""] = Provenance(
                    path: resource.place?.path ?? "", blob: "b\(id)", document: resource.place?.position ?? Position(line: 1, column: 1),
                    spans: resource.spans, commit: "c0ffee\(id)", author: "Ada Park <ada@acme.test>",
                    committedAt: Instant(milliseconds: 1_700_000_000_000), summary: "Change")
            }
            try ProvenanceTable.record(transaction, provenances, revision: id)
            try Revisions.record(transaction, Self.revision(id, StateDigest.inDatabase(transaction)))
            return id
        }
    }

    private static func revision(_ id: Int64, _ digest: String) -> Revision {
        Revision(
            id: id, unit: "main", commit: "c0ffee\(id)", parent: id > 1 ? id - 1 : nil, author: "Ada Park <ada@acme.test>",
            message: "Change", committedAt: Instant(milliseconds: 1_700_000_000_000),
            appliedAt: Instant(milliseconds: 1_700_000_000_000), vector: ["main": "c0ffee\(id)"], stateDigest: digest,
            counts: ChangeCounts())
    }
}
