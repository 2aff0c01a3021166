extension Report {
    /// Minor versions add members only; who reads it ignores those that it does not know.
    static let jsonVersion = "1.0"

    var json: String {
        var text = JSONText(.printable, capacity: 1024 + diagnostics.count * 512)
        text.object { text in
            text.member("format_version", Self.jsonVersion)
            text.name("valid")
            text.boolean(errorCount == 0)
            text.member("error_count", Int64(errorCount))
            text.member("warning_count", Int64(warningCount))
            text.member("file_count", Int64(paths.count))
            text.member("whole_file_count", Int64(wholeCount))
            text.member("resource_count", Int64(resourceCount))
            text.array("notes") { text in for note in notes { text.string(note) } }
            text.array("diagnostics") { text in
                for (diagnostic, fingerprint) in zip(diagnostics, fingerprints) {
                    text.object { diagnostic.writeJSON(to: &$0, prefix: prefix, fingerprint: fingerprint) }
                }
            }
        }
        return text.json
    }
}

extension Diagnostic {
    fileprivate func writeJSON(to text: inout JSONText, prefix: String, fingerprint: Fingerprint) {
        text.member("severity", severity.rawValue)
        text.member("code", code.rawValue)
        text.member("summary", message)
        if count > 1 { text.member("count", Int64(count)) }
        text.member("detail", hint)
        text.member("replacement", replacement)
        text.member("fingerprint", fingerprint.hex)
        if let place {
            text.object("range") { writeRange(of: place, prefix: prefix, to: &$0) }
        }
        if let place, let sourceLine {
            text.object("snippet") { text in
                let covered = SourceColumns(sourceLine, column: place.position.column, length: length)
                text.member("code", sourceLine)
                text.member("start_line", Int64(place.position.line))
                text.member("highlight_start_offset", Int64(covered.bytes.lowerBound))
                text.member("highlight_end_offset", Int64(covered.bytes.upperBound))
            }
        }
        text.array("related") { text in
            for (place, message) in related {
                text.object { text in
                    text.member("summary", message)
                    text.object("range") { text in
                        text.member("filename", prefix + place.path)
                        text.object("start") { place.position.writeJSON(to: &$0, byte: nil) }
                    }
                }
            }
        }
    }

    private func writeRange(of place: Place, prefix: String, to text: inout JSONText) {
        let covered = sourceLine.map { SourceColumns($0, column: place.position.column, length: length) }
        let end = Position(line: place.position.line, column: place.position.column + length)
        func byte(_ offset: Int?) -> Int? { sourceOffset.flatMap { start in offset.map { start + $0 } } }
        text.member("filename", prefix + place.path)
        text.object("start") { place.position.writeJSON(to: &$0, byte: byte(covered?.bytes.lowerBound)) }
        text.object("end") { end.writeJSON(to: &$0, byte: byte(covered?.bytes.upperBound)) }
    }
}

extension Position {
    /// Columns count Unicode scalars from 1; bytes count from 0 at the beginning of the file.
    fileprivate func writeJSON(to text: inout JSONText, byte: Int?) {
        text.member("line", Int64(line))
        text.member("column", Int64(column))
        if let byte { text.member("byte", Int64(byte)) }
    }
}
