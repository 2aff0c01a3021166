/// Adds documents to a file, behind those that it has.
package struct DocumentAddition: Hashable, Sendable {
    /// YAML as it was written, comments and several documents included.
    package var text: [UInt8]

    package init(_ text: [UInt8]) { self.text = text }

    /// The bytes of the file with the documents behind a line `---`; a file of no bytes becomes one of them alone.
    ///
    /// Line breaks become those of the file. A document of a kind and name that the file has is refused.
    package func applied(to file: SourceFile, limits: ReadingLimits = .standard) throws(EditRefusal) -> [UInt8] {
        let before = try EditableFile(file, limits: limits)
        let added = try readText(for: file.path, limits)
        try checkNames(added, before)
        var edited = file
        edited.bytes = joined(file.bytes, before, added)
        let after = try EditableFile(edited, limits: limits)
        let wanted = before.documents + added.documents
        guard after.documents.count == wanted.count, zip(after.documents, wanted).allSatisfy({ EditProof.isSame($0, $1) }) else {
            throw EditRefusal(
                .unproven, at: after.place(of: before.text.bytes.count), "the documents would not read the same in one file")
        }
        return edited.bytes
    }

    private func readText(for path: String, _ limits: ReadingLimits) throws(EditRefusal) -> EditableFile {
        let added: EditableFile
        do throws(EditRefusal) {
            added = try EditableFile(SourceFile(path: path, bytes: text), limits: limits)
        } catch {
            throw EditRefusal(.documentInvalid, at: error.place, "what is to be added is not valid: \(error.message)")
        }
        guard !added.documents.isEmpty else {
            throw EditRefusal(.documentInvalid, at: added.place(of: 0), "what is to be added holds no document")
        }
        return added
    }

    private func checkNames(_ added: EditableFile, _ before: EditableFile) throws(EditRefusal) {
        var known = before.documents.map { ($0, before.place(of: $0)) }
        for document in added.documents {
            guard let target = EditTarget(of: document) else {
                throw EditRefusal(
                    .documentInvalid, at: added.place(of: document), "what is to be added has a document without a kind")
            }
            if let (_, place) = known.first(where: { target.names($0.0) }) {
                throw EditRefusal(
                    .documentRepeated, at: added.place(of: document), "the file has \(target.noun) already", related: place)
            }
            known.append((document, added.place(of: document)))
        }
    }

    private func joined(_ bytes: [UInt8], _ before: EditableFile, _ added: EditableFile) -> [UInt8] {
        let hasBreak = before.text.bytes.contains(where: EditText.isBreak)
        let lineBreak = (hasBreak ? before : added).text.lineBreak
        var lines = SourceText.lines(of: added.text.bytes)
        if lines.last?.isEmpty == true { lines.removeLast() }
        var joined = bytes
        if let last = before.text.bytes.last, !EditText.isBreak(last) { joined += lineBreak }
        if !before.documents.isEmpty, added.layouts.first?.markEnd == nil { joined += Array("---".utf8) + lineBreak }
        for line in lines { joined += line + lineBreak }
        return joined
    }
}

extension EditTarget {
    /// The one that a document is; nil without a kind.
    init?(of document: Node) {
        guard let kind = Kind(in: document.entries) else { return nil }
        let metadata = document.entries.first { $0.key == "metadata" }?.value
        guard let name = metadata?.entries.first(where: { $0.key == "name" })?.value.text else {
            self = kind == .repository ? .resource(kind, name: Envelope.repositoryName) : .defaults(kind)
            return
        }
        self = .resource(kind, name: name)
    }
}
