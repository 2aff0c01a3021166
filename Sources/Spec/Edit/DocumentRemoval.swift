/// Takes one document out of its file, with the line `---` that parts it from the others and the comments that are its own.
package struct DocumentRemoval: Hashable, Sendable {
    package var target: EditTarget

    package init(_ target: EditTarget) { self.target = target }

    /// The bytes of the file that is left; nil where no document is left, so that the file is to be removed.
    package func applied(to file: SourceFile, limits: ReadingLimits = .standard) throws(EditRefusal) -> [UInt8]? {
        throw EditRefusal(.unproven, at: Place(path: file.path, position: Extent.start.position), "not edited")
    }
}
