extension Report {
    /// JUnit's XML: a test case for each file, failed when it has an error; remarks stand in `system-out`.
    var jUnit: String {
        let found = Dictionary(grouping: diagnostics) { $0.place?.path ?? "" }
        // What was refused is no file that was read, and still has to fail.
        let cases = Set(paths).union(found.keys).sorted()
        let failures = found.values.count { $0.contains { $0.severity == .error } }
        let counts = "tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"0\" time=\"0\""
        var xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        xml += "<testsuites name=\"charter validate\" \(counts)>\n"
        xml += "  <testsuite name=\"charter validate\" \(counts) skipped=\"0\">\n"
        for path in cases { xml += testCase(path, found[path] ?? []) }
        xml += "  </testsuite>\n</testsuites>"
        return xml
    }

    private func testCase(_ path: String, _ found: [Diagnostic]) -> String {
        let errors = found.filter { $0.severity == .error }
        let warnings = found.filter { $0.severity == .warning }
        let name = path.isEmpty ? "the whole" : repositoryPath(path)
        let line = errors.first?.place?.position.line ?? 1
        let head =
            "    <testcase classname=\"\(XML.attribute(name))\" name=\"validate\" file=\"\(XML.attribute(name))\""
            + " line=\"\(line)\" time=\"0\""
        guard !found.isEmpty else { return head + "/>\n" }
        var xml = head + ">\n"
        if let first = errors.first {
            let message = errors.count == 1 ? first.message : "\(first.message) (and \(errors.count - 1) more)"
            xml += "      <failure type=\"\(first.code.rawValue)\" message=\"\(XML.attribute(message))\">"
            xml += XML.text(errors.map { Rendering.text($0) }.joined(separator: "\n\n")) + "</failure>\n"
        }
        if !warnings.isEmpty {
            xml += "      <system-out>"
            xml += XML.text(warnings.map { Rendering.text($0) }.joined(separator: "\n\n")) + "</system-out>\n"
        }
        return xml + "    </testcase>\n"
    }
}

/// Text of XML 1.0; section 2.2 has no way to write most control characters, not even escaped.
private enum XML {
    static func text(_ text: String) -> String { escaped(text) { _ in nil } }

    /// Line breaks would be read as spaces.
    static func attribute(_ text: String) -> String {
        escaped(text) { scalar in
            switch scalar {
            case "\"": "&quot;"
            case "\n", "\r", "\t": "&#\(scalar.value);"
            default: nil
            }
        }
    }

    private static func escaped(_ text: String, _ special: (Unicode.Scalar) -> String?) -> String {
        text.unicodeScalars.map { scalar in
            if let written = special(scalar) { return written }
            switch scalar {
            case "&": return "&amp;"
            case "<": return "&lt;"
            case ">": return "&gt;"
            case "\n", "\t", "\u{20}"..."\u{D7FF}", "\u{E000}"..."\u{FFFD}", "\u{10000}"..."\u{10FFFF}":
                return String(scalar)
            default: return "\u{FFFD}"
            }
        }.joined()
    }
}
