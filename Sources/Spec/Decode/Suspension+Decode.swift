extension Suspension: FieldSet {
    init?(from fields: inout Fields) {
        until = fields.optional("until", .amount, "from when on it counts again; without it, until removed", .informs)
        let reason = fields.required("reason", .reason, "why, for whoever meets it", .informs)
        guard let reason else { return nil }
        self.reason = reason
    }
}

extension Shape where Value == String {
    /// Text that says something.
    fileprivate static var reason: Shape<String> {
        Shape(.text("text", example: nil, pattern: #"[\s\S]*\S[\s\S]*"#, isQuoted: true)) { node, reading in
            let decoded = text.read(node, reading)
            if let decoded, decoded.value.unicodeScalars.allSatisfy(\.properties.isWhitespace) {
                reading.refuse(.valueInvalid, node.extent, "the reason is empty", hint: "say why, for whoever meets it")
            }
            return decoded
        }
    }
}
