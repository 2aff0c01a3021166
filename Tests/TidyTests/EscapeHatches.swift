/// Ways round the compiler's checks, each of which needs its reason in the comment above it.
enum EscapeHatches {
    static let all = [
        "@unchecked Sendable", "nonisolated(unsafe)", "try!", "fatalError(", "as!", "unowned(unsafe)",
        "Task.detached", "DispatchSemaphore", "unsafeBitCast", "@_",
    ]

    static func violations(in file: SourceFile) -> [Violation] {
        file.code.enumerated().flatMap { index, code in
            all.filter { holds($0, code) && !isExplained(file, at: index) }.map {
                Violation(path: file.path, line: index + 1, reason: "\($0) without `// Escape: <reason>` above it")
            }
        }
    }

    /// Whether `hatch` stands in `code` as a word of its own, so that `alias!` is not `as!`.
    private static func holds(_ hatch: String, _ code: String) -> Bool {
        code.ranges(of: hatch).contains { range in
            guard hatch.first?.isLetter == true, range.lowerBound > code.startIndex else { return true }
            let before = code[code.index(before: range.lowerBound)]
            return !before.isLetter && !before.isNumber && before != "_"
        }
    }

    /// Whether the comment that ends on the line above begins with `// Escape:` and goes on.
    private static func isExplained(_ file: SourceFile, at index: Int) -> Bool {
        let marker = "// Escape:"
        for line in file.lines[..<index].reversed() {
            let text = line.drop(while: \.isWhitespace)
            guard text.hasPrefix("//") else { return false }
            if text.hasPrefix(marker) { return text.dropFirst(marker.count).contains { !$0.isWhitespace } }
        }
        return false
    }
}
