/// Adds documents to a file, behind those that it has.
package struct DocumentAddition: Hashable, Sendable {
    /// YAML as it was written, comments and several documents included.
    package var text: [UInt8]

    package init(_ text: [UInt8]) { self.text = text }

    /// The bytes of the file with the documents behind a line `---`; a file of no bytes becomes one of them alone.
    ///
    /// Line breaks become those of the file. A document of a kind and name that the file has is refused.
    package func applied(to file: SourceFile, limits: ReadingLimits = .standard) throws(EditRefusal) -> [UInt8] {
        throw EditRefusal(.unproven, at: Place(path: file.path, position: Extent.start.position), "not edited")
    }
}
