/// Takes one document out of its file, with the line `---` that parts it from the others and the comments that are its own.
///
/// Its own are those inside, those behind it up to the next `---`, and those directly above one that no `---` begins. A
/// comment above an empty line at the top of the file is the file's.
package struct DocumentRemoval: Hashable, Sendable {
    package var target: EditTarget

    package init(_ target: EditTarget) { self.target = target }

    /// The bytes of the file that is left; nil where no document is left, so that the file is to be removed.
    package func applied(to file: SourceFile, limits: ReadingLimits = .standard) throws(EditRefusal) -> [UInt8]? {
        let before = try EditableFile(file, limits: limits)
        let index = try before.index(of: target)
        if before.documents.count == 1 { return nil }
        var edited = file
        edited.bytes = before.spliced([Splice(Self.range(of: index, in: before))])
        var wanted = before.documents
        wanted.remove(at: index)
        let after = try? EditableFile(edited, limits: limits)
        guard let after, after.documents.count == wanted.count, zip(after.documents, wanted).allSatisfy({ EditProof.isSame($0, $1) })
        else {
            throw EditRefusal(
                .unproven, at: before.place(of: before.documents[index]), "without the document the others would not read the same")
        }
        return edited.bytes
    }

    private static func range(of index: Int, in file: EditableFile) -> Range<Int> {
        let document = file.layouts[index]
        let start = start(of: document, in: file.text)
        guard index + 1 < file.layouts.count else { return start..<file.text.bytes.count }
        let next = file.layouts[index + 1]
        // Where no `---` begins the first one, none begins the file afterwards.
        if index == 0, document.markEnd == nil, let end = endOfBareMark(of: next, in: file.text) { return start..<end }
        return start..<Self.start(of: next, in: file.text)
    }

    private static func start(of document: SyntaxDocument, in text: EditText) -> Int {
        var start = text.lineStart(of: document.start)
        guard document.markEnd == nil else { return start }
        while start > 0 {
            let above = text.lineStart(of: start - 1)
            guard text.bytes[above..<start].first(where: { !EditText.isBlank($0) }) == UInt8(ascii: "#") else { break }
            start = above
        }
        return start
    }

    /// Behind the line of a `---` with nothing else on it and no directive above.
    private static func endOfBareMark(of document: SyntaxDocument, in text: EditText) -> Int? {
        guard let end = document.markEnd, end - document.start == "---".utf8.count, let next = text.nextLine(of: end),
            text.bytes[end..<next].allSatisfy({ EditText.isBlank($0) || EditText.isBreak($0) })
        else { return nil }
        return next
    }
}
