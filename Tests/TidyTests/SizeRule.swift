/// A file should be one noun; a longer one holds several.
enum SizeRule {
    static let linesMax = 500

    static func violations(in file: SourceFile) -> [Violation] {
        // A text that ends in a newline has an empty last piece.
        let count = file.lines.last == "" ? file.lines.count - 1 : file.lines.count
        guard count > linesMax else { return [] }
        return [Violation(path: file.path, line: 0, reason: "\(count) lines, and \(linesMax) are the most")]
    }
}

/// Targets share declarations as `package`; the product exports no library.
enum AccessRule {
    static func violations(in file: SourceFile) -> [Violation] {
        file.code.enumerated().compactMap { index, code in
            guard code.contains(/(^|\s)(public|open)\s+(?!\()/),
                !code.contains(/(func|var|let|case|\.)\s*(public|open)\b/)
            else { return nil }
            return Violation(path: file.path, line: index + 1, reason: "public or open where package is meant")
        }
    }
}
