package import Spec
internal import Store

extension Blame {
    package var text: String {
        let rows = [["FIELD", "VALUE", "REV", "COMMIT", "COMMITTED", "AUTHOR", "PLACE", "SUMMARY"]] + lines.map(\.columns)
        var text = "\(key) at \(revision.title)\n" + TextTable(rows).text
        if !isExact {
            text += "\n(where one revision brought several commits, the newest that touched the resource is named; --repo tells which it was)"
        }
        return text
    }

    package var json: JSONTree {
        .object([
            ("format", .int(1)), ("resource", .string("\(key)")), ("uid", .string(uid)), ("revision", revision.json),
            ("exact", .bool(isExact)), ("fields", .array(lines.map(\.json))),
        ])
    }
}

extension Blame.Line {
    /// Characters of a value in the table.
    private static let valueMax = 40

    fileprivate var columns: [String] {
        [
            path.printable, ValueText.shown(value).shortened(to: Self.valueMax), String(revision.id), commit.id.short,
            commit.committedAt.iso8601, commit.author.printable,
            (place?.description.printable ?? "-") + (isInherited ? " (default)" : ""), commit.summary.printable,
        ]
    }

    fileprivate var json: JSONTree {
        .object([
            ("field", .string(pointer)), ("path", .string(path)), ("value", pointer.isEmpty ? .string(value) : .raw(value)),
            ("revision", .int(revision.id)), ("applied_at", .string(revision.appliedAt.iso8601)), ("commit", commit.json),
            ("place", .optional(place?.description)), ("inherited", .bool(isInherited)),
        ])
    }
}
