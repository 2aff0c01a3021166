extension ImportReport {
    /// One object a line: `entry`, `model`, `field`, `value`, `reason`, `detail`; what does not apply is absent.
    package var jsonLines: String {
        items.map(\.json).joined(separator: "\n") + (items.isEmpty ? "" : "\n")
    }
}

extension ImportReport.Item {
    fileprivate var json: String {
        var text = JSONText(.printable, capacity: 256)
        text.object { text in
            text.member("entry", entry)
            text.member("model", model)
            if !pointer.isEmpty { text.member("field", pointer) }
            text.member("value", value)
            text.member("reason", reason.rawValue)
            text.member("detail", detail)
        }
        return text.json
    }
}
