/// The foreign tables that can be imported, by the words of the command.
package enum ImportFormat: String, CaseIterable, Sendable {
    case litellmPrices = "litellm-prices"
    case modelsDev = "models-dev"
}

/// Where a table came from, for the head of every file that is made of it.
package struct ImportOrigin: Sendable {
    package var format: ImportFormat
    /// The file's name without its folder.
    package var fileName: String
    /// Such as `2026-11-20`; nil leaves it out.
    package var date: String?
    /// Of the table's bytes, in hexadecimal digits.
    package var sha256: String

    package init(format: ImportFormat, fileName: String, date: String?, sha256: String) {
        self.format = format
        self.fileName = fileName
        self.date = date
        self.sha256 = sha256
    }

    /// Without the comment's sign.
    var lines: [String] {
        let day = date.map { " of \($0)" } ?? ""
        return [
            "Imported by `charter import \(format.rawValue)` from \(fileName.printable)\(day),",
            "SHA-256 \(sha256). Import again rather than edit.",
        ]
    }
}

/// Which part of a table is wanted.
package struct ImportSelection: Sendable {
    /// Providers by name; nil for all.
    package var providers: Set<String>?
    /// Matched against the entry's name in the table and against `provider/model`; nil for all.
    package var pattern: String?

    package init(providers: Set<String>? = nil, pattern: String? = nil) {
        self.providers = providers
        self.pattern = pattern
    }

    /// Entries that make no model are of every selection that does not ask for providers.
    func takes(_ entry: ImportedEntry) -> Bool {
        if let providers, !providers.contains(entry.model?.provider ?? "") { return false }
        guard let pattern else { return true }
        return Glob.matches(pattern, entry.key)
            || entry.model.map { Glob.matches(pattern, "\($0.provider)/\($0.name)") } ?? false
    }
}
