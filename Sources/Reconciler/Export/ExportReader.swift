internal import Crypto
internal import Spec
internal import Store

/// Reads the lines of an export into the state they tell of.
struct ExportReader {
    private var state = AppliedState()
    private var digest = StateDigest()
    private var lineages: [Lineage] = []

    mutating func read(_ text: String) throws(ExportProblem) -> AppliedState {
        let body = try Self.verified(text)
        var lines = body.split(separator: "\n")[...]
        guard let first = lines.popFirst() else { throw ExportProblem("it is empty") }
        let head = try ExportObject(first, line: 1)
        try readHead(head)
        for (index, line) in lines.enumerated() { try readLine(ExportObject(line, line: index + 2)) }
        guard state.applied.count == Int(try head.integer("resources")), digest.hex == (try head.string("state_digest"))
        else { throw ExportProblem("its resources are not those that its first line speaks of") }
        state.lineages = LineageBook(lineages)
        return state
    }

    /// What stands before the end line, which tells how much that must be.
    private static func verified(_ text: String) throws(ExportProblem) -> Substring {
        let torn = ExportProblem("it is truncated: its last line is no end mark")
        guard text.hasSuffix("\n") else { throw torn }
        let whole = text.dropLast()
        let start = whole.utf8.lastIndex(of: UInt8(ascii: "\n")).map { text.utf8.index(after: $0) } ?? text.startIndex
        guard let last = try? ExportObject(whole[start...], line: 0), let end = try? last.object("end") else { throw torn }
        let body = text[..<start]
        guard SHA256.digest(String(body)).hex == (try end.string("sha256")) else {
            throw ExportProblem("it was altered: its digest is not the one that its end mark names")
        }
        return body
    }

    private mutating func readHead(_ head: ExportObject) throws(ExportProblem) {
        guard (try? head.string("type")) == AppliedExport.name else { throw ExportProblem("it is no export of Charter's") }
        let format = try head.integer("format")
        guard format == AppliedExport.format else {
            throw ExportProblem(
                "it has format \(format), and this charter \(EngineVersion.current) reads format \(AppliedExport.format)")
        }
        state.revision = try head.optionalObject("revision").map { revision throws(ExportProblem) in
            try Revision(export: revision)
        }
    }

    private mutating func readLine(_ line: ExportObject) throws(ExportProblem) {
        let uid = try line.string("uid")
        if let deleted = try line.optionalObject("deleted") {
            let revision = try line.optionalInteger("revision")
            lineages.append(Lineage(uid: uid, key: try ResourceKey(export: deleted), closedRevision: revision ?? 0))
            return
        }
        let row = PastResource(key: try ResourceKey(export: line.object("resource")), canonical: try line.raw("state"))
        guard state.applied.updateValue(row, forKey: uid) == nil else {
            throw ExportProblem("it has the uid \(uid) twice")
        }
        // Nobody looked at the rows: they are taken to be as applied.
        let stored = StoredResource(
            key: row.key, uid: uid, canonical: row.canonical, revision: 0, unit: state.revision?.unit ?? "")
        state.actual[uid] = stored
        digest.add(stored.digest)
        lineages.append(Lineage(uid: uid, key: row.key, closedRevision: nil))
        state.provenance[uid] = try line.optionalObject("source").map { source throws(ExportProblem) in
            try Provenance(export: source)
        }
    }
}

extension Revision {
    fileprivate init(export object: ExportObject) throws(ExportProblem) {
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
    fileprivate init(export object: ExportObject) throws(ExportProblem) {
        let word = try object.string("kind")
        guard let kind = Kind(rawValue: word) else {
            throw ExportProblem("it has the kind \(word.printable), which charter \(EngineVersion.current) does not know")
        }
        self.init(org: try object.optionalString("org"), kind: kind, name: try object.string("name"))
    }
}

extension Provenance {
    fileprivate init(export object: ExportObject) throws(ExportProblem) {
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
    fileprivate static func read(_ place: [String]) throws(ExportProblem) -> (Position, String?) {
        guard (2...3).contains(place.count), let line = Int(place[0]), let column = Int(place[1]) else {
            throw ExportProblem("it has a place that is none")
        }
        return (Position(line: line, column: column), place.count == 3 ? place[2] : nil)
    }
}
