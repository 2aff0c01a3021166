package import Crypto
internal import Spec
internal import Store

/// The applied state as one text: what `plan --against` needs in the place of a database.
///
/// The same state gives the same bytes. A line each: a head with the revision and the digest of the state; every resource
/// in the order of its name; every name that was deleted; and an end with the number of lines and the digest of all before it.
package struct AppliedExport: Sendable {
    /// Raised when a member changes its meaning; new members may appear.
    static let format: Int64 = 1
    static let name = "charter export"
    /// Of a file that is read; a hundred thousand resources take about a tenth.
    package static let bytesMax = 1 << 30

    package let state: AppliedState
    /// Of the whole text.
    package let digest: SHA256Digest
    package let text: String

    package var resourceCount: Int { state.applied.count }

    /// Of what is applied, whatever hands did to the rows since.
    package init(_ applied: AppliedState) throws(ExportProblem) {
        let lines = Self.lines(of: applied)
        let body = lines.map { $0 + "\n" }.joined()
        let end = JSONValue.object([
            (
                "end",
                .object([("lines", .int(Int64(lines.count))), ("sha256", .string(SHA256.digest(body).hex))])
            )
        ])
        // Read back at once: what cannot be read is not handed out.
        try self.init(text: body + end.text + "\n")
    }

    /// Reads an export; refuses one that is truncated, altered, or of another format.
    package init(text: String) throws(ExportProblem) {
        self.text = text
        digest = SHA256.digest(text)
        var reader = ExportReader()
        state = try reader.read(text)
    }

    private static func lines(of applied: AppliedState) -> [String] {
        let rows = applied.applied.sorted { ($0.value.key, $0.key) < ($1.value.key, $1.key) }
        let open = Set(rows.map(\.key))
        let closed = applied.lineages.all.filter { !open.contains($0.uid) }.sorted { ($0.key, $0.uid) < ($1.key, $1.uid) }
        return [applied.exportHead.text]
            + rows.map { uid, row in row.exportLine(uid: uid, applied.provenance[uid]).text }
            + closed.map(\.exportLine.text)
    }
}

/// Why a text is no export, or a state cannot be exported.
package struct ExportProblem: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

extension AppliedState {
    fileprivate var exportHead: JSONValue {
        var digest = StateDigest()
        for row in applied.values { digest.add(StateDigest.row(row.key, row.canonical)) }
        return .object([
            ("format", .int(AppliedExport.format)), ("type", .string(AppliedExport.name)),
            ("engine", .string(EngineVersion.current)), ("resources", .int(Int64(applied.count))),
            ("state_digest", .string(digest.hex)), ("revision", revision?.exportValue ?? .null),
        ])
    }
}

extension Revision {
    fileprivate var exportValue: JSONValue {
        .object([
            ("id", .int(id)), ("unit", .string(unit)), ("commit", .string(commit)),
            ("author", .string(author)), ("message", .string(message)), ("committed_at_ms", .int(committedAt.milliseconds)),
            ("applied_at_ms", .int(appliedAt.milliseconds)),
            ("commits", .object(vector.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })),
            ("state_digest", .string(stateDigest)), ("min_engine", .string(minEngine)),
        ])
    }
}

extension PastResource {
    fileprivate func exportLine(uid: String, _ provenance: Provenance?) -> JSONValue {
        .object([
            ("resource", key.exportValue), ("uid", .string(uid)), ("state", .raw(canonical)),
            ("source", provenance?.exportValue ?? .null),
        ])
    }
}

extension Lineage {
    /// Of a name whose resource was deleted.
    fileprivate var exportLine: JSONValue {
        .object([
            ("deleted", key.exportValue), ("uid", .string(uid)), ("revision", closedRevision.map { .int($0) } ?? .null),
        ])
    }
}

extension ResourceKey {
    fileprivate var exportValue: JSONValue {
        .object([("org", .optional(org)), ("kind", .string(kind.rawValue)), ("name", .string(name))])
    }
}

extension Provenance {
    fileprivate var exportValue: JSONValue {
        var places: [(String, JSONValue)] = []
        spans.forEach { pointer, position, path in
            places.append((pointer, .array(position.exportValues + (path.map { [.string($0)] } ?? []))))
        }
        return .object([
            ("path", .string(path)), ("blob", .string(blob)), ("at", .array(document.exportValues)),
            ("commit", .string(commit)), ("author", .string(author)), ("committed_at_ms", .int(committedAt.milliseconds)),
            ("summary", .string(summary)), ("places", .object(places)),
        ])
    }
}

extension Position {
    fileprivate var exportValues: [JSONValue] { [.int(Int64(line)), .int(Int64(column))] }
}
