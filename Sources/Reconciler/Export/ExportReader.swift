internal import Spec
internal import Store

/// Reads the lines of an export into the state they tell of.
struct ExportReader {
    private var state = AppliedState()
    private var digest = StateDigest()
    private var lineages: [Lineage] = []
    private var units: ExportedUnits? = ExportedUnits()

    mutating func read(_ text: String) throws(DocumentProblem) -> (AppliedState, ExportedUnits?) {
        let (head, format, lines) = try AppliedExport.document.open(text)
        try readHead(head, format)
        for (index, line) in lines.enumerated() { try readLine(DocumentObject(line, line: index + 2)) }
        guard state.applied.count == Int(try head.integer("resources")), digest.hex == (try head.string("state_digest"))
        else { throw DocumentProblem("its resources are not those that its first line speaks of") }
        state.lineages = LineageBook(lineages)
        return (state, units)
    }

    private mutating func readHead(_ head: DocumentObject, _ format: Int64) throws(DocumentProblem) {
        state.revision = try head.optionalObject("revision").map { revision throws(DocumentProblem) in
            try Revision(export: revision)
        }
        state.unitRevision = state.revision
        if format == 1 {
            // With one unit there is no question whose it is.
            guard let revision = state.revision else { return }
            if revision.vector.count > 1 { units = nil } else { units?.revisions[revision.unit] = revision }
        } else {
            for unit in try head.objects("units") {
                let revision = try Revision(export: unit)
                units?.revisions[revision.unit] = revision
            }
        }
    }

    private mutating func readLine(_ line: DocumentObject) throws(DocumentProblem) {
        let uid = try line.string("uid")
        if let deleted = try line.optionalObject("deleted") {
            let revision = try line.optionalInteger("revision")
            lineages.append(Lineage(uid: uid, key: try ResourceKey(export: deleted), closedRevision: revision ?? 0))
            return
        }
        let row = PastResource(key: try ResourceKey(export: line.object("resource")), canonical: try line.raw("state"))
        guard state.applied.updateValue(row, forKey: uid) == nil else {
            throw DocumentProblem("it has the uid \(uid) twice")
        }
        let unit = try line.optionalString("unit") ?? state.revision?.unit ?? ""
        units?.owners[uid] = unit
        // Nobody looked at the rows: they are taken to be as applied.
        let stored = StoredResource(
            key: row.key, uid: uid, canonical: row.canonical, revision: 0, unit: unit)
        state.actual[uid] = stored
        digest.add(stored.digest)
        lineages.append(Lineage(uid: uid, key: row.key, closedRevision: nil))
        state.provenance[uid] = try line.optionalObject("source").map { source throws(DocumentProblem) in
            try Provenance(export: source)
        }
    }
}

extension Revision {
    fileprivate init(export object: DocumentObject) throws(DocumentProblem) {
        var vector: [String: String] = [:]
        let commits = try object.object("commits")
        for name in commits.names { vector[name] = try commits.string(name) }
        self.init(
            id: try object.integer("id"), unit: try object.string("unit"), commit: try object.string("commit"), parent: nil,
            author: try object.string("author"), message: try object.string("message"),
            committedAt: Instant(milliseconds: try object.integer("committed_at_ms")),
            appliedAt: Instant(milliseconds: try object.integer("applied_at_ms")), vector: vector,
            stateDigest: try object.string("state_digest"), minEngine: try object.string("min_engine"),
            counts: ChangeCounts())
    }
}

extension ResourceKey {
    fileprivate init(export object: DocumentObject) throws(DocumentProblem) {
        let word = try object.string("kind")
        guard let kind = Kind(rawValue: word) else {
            throw DocumentProblem("it has the kind \(word.printable), which charter \(CharterVersion.current) does not know")
        }
        self.init(org: try object.optionalString("org"), kind: kind, name: try object.string("name"))
    }
}

extension Provenance {
    fileprivate init(export object: DocumentObject) throws(DocumentProblem) {
        let path = try object.string("path")
        let places = try object.object("places")
        var fields: [Spans.Field] = []
        for pointer in places.names {
            let place = try places.list(pointer)
            let (position, path) = try Position.read(place)
            fields.append((pointer, position, path))
        }
        self.init(
            path: path, blob: try object.string("blob"), document: try Position.read(object.list("at")).0,
            spans: Spans(path: path, fields), commit: try object.string("commit"), author: try object.string("author"),
            committedAt: Instant(milliseconds: try object.integer("committed_at_ms")), summary: try object.string("summary"))
    }
}

extension Position {
    /// `[line, column]`, or `[line, column, path]`.
    fileprivate static func read(_ place: [String]) throws(DocumentProblem) -> (Position, String?) {
        guard (2...3).contains(place.count), let line = Int(place[0]), let column = Int(place[1]) else {
            throw DocumentProblem("it has a place that is none")
        }
        return (Position(line: line, column: column), place.count == 3 ? place[2] : nil)
    }
}
