extension Specification {
    /// Validates what a change concerns; of the rest nothing is said.
    ///
    /// `unread` are paths that could not be read. What is read is enough for every check but the one for names that look alike, which would need all names.
    package static func compose(
        _ selection: Selection, unread: [String] = [], now: Instant? = nil
    ) -> Declarations {
        var declarations = compose(selection.files + unread.map(ParsedFile.init(unread:)), now: now)
        let unasked: Set<DiagnosticCode> = selection.isWhole ? [] : [.namesAlike]
        declarations.unasked.formUnion(unasked)
        // What was read for the sake of something else may have mistakes, which are not this change's.
        declarations.diagnostics.removeAll { unasked.contains($0.code) || !selection.shows($0) }
        return declarations
    }
}
