/// A file that was read without an error: its documents as the loader knows them, beside the bytes that they take.
struct EditableFile {
    let path: String
    let documents: [Node]
    /// Those of `documents`, in the same order.
    let layouts: [SyntaxDocument]
    let text: EditText
    /// The byte order mark, where the file has one.
    private let mark: ArraySlice<UInt8>

    init(_ file: SourceFile, limits: ReadingLimits) throws(EditRefusal) {
        let reader = YAMLReader(path: file.path, bytes: file.bytes, limits: limits)
        if let error = reader.diagnostics.first(where: { $0.severity == .error }) {
            let place = error.place ?? Place(path: file.path, position: Extent.start.position)
            throw EditRefusal(.invalidFile, at: place, "the file is not valid, so it is not edited: \(error.message)")
        }
        let tree = SyntaxTree(reader.text)
        path = file.path
        documents = reader.documents
        text = tree.text
        mark = file.bytes.prefix(file.bytes.count - reader.text.count)
        // A document of nothing has no tree for the loader either.
        layouts = tree.documents.filter { document in
            guard let root = document.root else { return false }
            return !(root.style == .plain && root.isNothing)
        }
        guard layouts.count == documents.count else {
            let start = Place(path: path, position: Extent.start.position)
            throw EditRefusal(.layoutUnsupported, at: start, "the documents of the file could not be told apart")
        }
    }

    /// The number of the only document that the target names.
    func index(of target: EditTarget) throws(EditRefusal) -> Int {
        let found = documents.indices.filter { target.names(documents[$0]) }
        guard let first = found.first else {
            throw EditRefusal(.documentMissing, at: place(of: 0), "the file has no document of \(target.noun)")
        }
        guard found.count == 1 else {
            throw EditRefusal(
                .documentRepeated, at: place(of: documents[found[1]]), "the file has several documents of \(target.noun)",
                related: place(of: documents[first]))
        }
        return first
    }

    func place(of offset: Int) -> Place { Place(path: path, position: text.position(of: offset)) }

    func place(of node: Node) -> Place { Place(path: path, position: node.extent.position) }

    /// The file's bytes with the splices done.
    func spliced(_ splices: [Splice]) -> [UInt8] { mark + Splice.apply(splices, to: text.bytes) }
}
