package import Crypto
internal import Spec
package import Store

/// The applied state as one text: what `plan --against` needs in the place of a database.
///
/// The same state gives the same bytes. A line each: a head with the revision, the digest of the state and the newest revision
/// of each unit; every resource with its unit in the order of its name; every name that was deleted; and an end mark.
package struct AppliedExport: Sendable {
    /// Format 1 did not say whose each resource is.
    static let document = SealedText(name: "charter export", formats: 1...2)
    /// Of a file that is read; a hundred thousand resources take about a tenth.
    package static let bytesMax = 1 << 30

    /// Of all units.
    package let whole: AppliedState
    /// Nil in an export of several units that does not tell them apart.
    let units: ExportedUnits?
    /// Of the whole text.
    package let digest: SHA256Digest
    package let text: String

    package var resourceCount: Int { whole.applied.count }

    /// Of what is applied, whatever hands did to the rows since; in one transaction for one consistent picture.
    package init(_ transaction: Transaction) throws {
        let state = try AppliedState(transaction)
        // Read back at once: what cannot be read is not handed out.
        try self.init(text: SealedText.seal(Self.lines(of: state, ExportedUnits(transaction, state))))
    }

    /// Reads an export; refuses one that is truncated, altered, or of another format.
    package init(text: String) throws(DocumentProblem) {
        self.text = text
        digest = SHA256.digest(text)
        var reader = ExportReader()
        (whole, units) = try reader.read(text)
    }

    /// In order; empty in one that does not tell.
    package var unitNames: [String] { units?.revisions.keys.sorted() ?? [] }

    /// What a plan of the unit is compared with, and validated beside.
    package func state(of unit: String) throws(DocumentProblem) -> AppliedState {
        guard let units else {
            throw DocumentProblem("it is of several units, and too old to tell whose each resource is: export again")
        }
        var state = whole
        state.leaveOut(units.others(than: unit, from: whole.applied), than: unit, unitRevision: units.revisions[unit])
        return state
    }

    private static func lines(of applied: AppliedState, _ units: ExportedUnits) -> [String] {
        ProgressBoard.begin(.exporting, of: applied.applied.count)
        let rows = applied.applied.sorted { ($0.value.key, $0.key) < ($1.value.key, $1.key) }
        let open = Set(rows.map(\.key))
        let closed = applied.lineages.all.filter { !open.contains($0.uid) }.sorted { ($0.key, $0.uid) < ($1.key, $1.uid) }
        return [applied.exportHead(units).text]
            + rows.map { uid, row in row.exportLine(uid: uid, unit: units.owners[uid], applied.provenance[uid]).text }
            + closed.map(\.exportLine.text)
    }
}

/// Whose each applied resource is.
struct ExportedUnits: Sendable {
    /// The unit of each, by uid.
    var owners: [String: String] = [:]
    /// The newest of each unit that changed what it declares.
    var revisions: [String: Revision] = [:]

    init() {}

    init(_ transaction: Transaction, _ state: AppliedState) throws {
        owners = try UnitOwnership.all(transaction)
        for unit in state.revision?.vector.keys.sorted() ?? [] {
            revisions[unit] = try Revisions.declared(transaction, unit: unit)
        }
    }

    func others(than unit: String, from applied: [String: PastResource]) -> OtherUnits {
        var others = OtherUnits()
        others.revision = revisions.filter { $0.key != unit }.map(\.value.id).max() ?? 0
        others.units = owners.filter { $0.value != unit }
        others.rows = applied.filter { others.units[$0.key] != nil }
        return others
    }
}

extension AppliedState {
    fileprivate func exportHead(_ units: ExportedUnits) -> JSONTree {
        var digest = StateDigest()
        for row in applied.values { digest.add(StateDigest.row(row.key, row.canonical)) }
        return .object(
            AppliedExport.document.head + [
                ("resources", .int(Int64(applied.count))), ("state_digest", .string(digest.hex)),
                ("revision", revision?.exportValue ?? .null),
                ("units", .array(units.revisions.sorted { $0.key < $1.key }.map(\.value.exportValue))),
            ])
    }
}

extension Revision {
    fileprivate var exportValue: JSONTree {
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
    fileprivate func exportLine(uid: String, unit: String?, _ provenance: Provenance?) -> JSONTree {
        .object([
            ("resource", key.exportValue), ("uid", .string(uid)), ("unit", .optional(unit)), ("state", .raw(canonical)),
            ("source", provenance?.exportValue ?? .null),
        ])
    }
}

extension Lineage {
    /// Of a name whose resource was deleted.
    fileprivate var exportLine: JSONTree {
        .object([
            ("deleted", key.exportValue), ("uid", .string(uid)), ("revision", closedRevision.map { .int($0) } ?? .null),
        ])
    }
}

extension ResourceKey {
    fileprivate var exportValue: JSONTree {
        .object([("org", .optional(org)), ("kind", .string(kind.rawValue)), ("name", .string(name))])
    }
}

extension Provenance {
    fileprivate var exportValue: JSONTree {
        var places: [(String, JSONTree)] = []
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
    fileprivate var exportValues: [JSONTree] { [.int(Int64(line)), .int(Int64(column))] }
}
