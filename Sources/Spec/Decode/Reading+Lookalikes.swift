extension Reading {
    /// Reports the first character of a text that is not what it looks like; false where there is none.
    ///
    /// `meant` are names of which the author may have meant one.
    func refusesLookalike(
        in text: String, _ extent: Extent, as use: Lookalikes.Use, among meant: [String] = []
    ) -> Bool {
        guard let index = Lookalikes.firstDeceiver(in: text, use) else { return false }
        let scalars = Array(text.unicodeScalars)
        report(
            .characterConfusable, place(of: index, in: scalars.count, extent), Lookalikes.sentence(about: scalars[index]),
            hint: hint(for: text, scalars[index], meant))
        return true
    }

    /// The one character, where the text stands on one line as it is, in quotes or without.
    private func place(of index: Int, in count: Int, _ extent: Extent) -> Extent {
        if aliases.last?.extent == extent { return extent }
        let quotes: Int
        switch extent.length - count {
        case 0: quotes = 0
        case 2: quotes = 1
        default: return extent
        }
        let position = Position(line: extent.position.line, column: extent.position.column + quotes + index)
        return Extent(position: position, length: 1, source: extent.source)
    }

    private func hint(for text: String, _ scalar: Unicode.Scalar, _ meant: [String]) -> String {
        let plain = Lookalikes.ascii(of: text)
        if let plain, meant.contains(plain) { return "write `\(plain)` with the letters of ASCII" }
        if let near = Suggestion.nearest(to: plain ?? text, among: meant) { return "did you mean `\(near)`?" }
        if scalar.isHidden || scalar.properties.generalCategory == .format { return "remove it" }
        if scalar.properties.generalCategory == .spaceSeparator { return "write an ordinary space, or none" }
        return plain.map { "write `\($0)` with the letters of ASCII" } ?? "write it with the letters of ASCII"
    }
}
