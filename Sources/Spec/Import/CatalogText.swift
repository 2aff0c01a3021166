/// Writes models as the YAML of a ModelCatalog, the same bytes for the same models.
enum CatalogText {
    /// Columns beyond which a mapping is written over several lines.
    private static let columnsMax = 118
    /// Where fields of `spec.models` stand.
    private static let modelIndent = 4

    static func head(of catalog: String, provider: String, _ origin: ImportOrigin) -> String {
        let comments = origin.lines.map { "# \($0)" }
        let lines = [
            "apiVersion: charter/v1", "kind: ModelCatalog", "metadata: { name: \(text(catalog)) }", "spec:",
            "  provider: \(text(provider))", "  models:",
        ]
        return (comments + lines).joined(separator: "\n") + "\n"
    }

    /// The model under its name, as a part of `spec.models`.
    static func lines(of model: ImportedModel) -> String {
        let indent = modelIndent + 2
        var fields: [String] = []
        func add(_ name: String, _ value: String?) { if let value { fields.append("\(pad(indent))\(name): \(value)") } }
        add("upstreamName", model.upstreamName.map(text))
        add("displayName", model.displayName.map(text))
        add("mode", model.mode.flatMap { $0 == ModelFields.standardMode ? nil : text($0) })
        add("context", model.context.map(AmountText.whole))
        add("maxInput", model.maxInput.map(AmountText.whole))
        add("maxOutput", model.maxOutput.map(AmountText.whole))
        add("modalities", modalities(of: model))
        if !model.capabilities.isEmpty { fields += wrapped("capabilities", model.capabilities, at: indent) }
        let labels = model.labels.sorted { $0.key < $1.key }.map { (text($0.key), text($0.value)) }
        if !labels.isEmpty { fields += mapping("labels", labels, at: indent) }
        add("deprecated", model.deprecated)
        add("endpoints", model.endpoints.isEmpty ? nil : list(model.endpoints))
        fields += CatalogPrices(model).lines(at: indent)
        let head = "\(pad(modelIndent))\(text(model.name)):" + (fields.isEmpty ? " {}" : "")
        let comments = model.comments.map { "\(pad(indent))# \($0)" }
        return ([head] + comments + fields).joined(separator: "\n") + "\n"
    }

    /// What it takes, and what it gives where the table says so.
    private static func modalities(of model: ImportedModel) -> String? {
        if model.output.isEmpty { return model.input.isEmpty ? nil : list(model.input) }
        let sides = [("input", model.input), ("output", model.output)].filter { !$0.1.isEmpty }
        return "{ " + sides.map { "\($0.0): \(list($0.1))" }.joined(separator: ", ") + " }"
    }

    // MARK: Pieces

    static func pad(_ count: Int) -> String { String(repeating: " ", count: count) }

    private static func list(_ words: [String]) -> String { "[" + words.map(text).joined(separator: ", ") + "]" }

    /// A list on as many lines as it needs.
    private static func wrapped(_ name: String, _ words: [String], at indent: Int) -> [String] {
        var lines: [String] = []
        var line = "\(pad(indent))\(name): ["
        for (index, word) in words.enumerated() {
            let piece = text(word) + (index + 1 < words.count ? "," : "]")
            if index > 0, line.utf8.count + 1 + piece.utf8.count > columnsMax {
                lines.append(line)
                line = pad(indent + 2) + piece
            } else {
                line += index > 0 ? " " + piece : piece
            }
        }
        return lines + [line]
    }

    /// On one line where it fits.
    static func mapping(_ name: String, _ pairs: [(String, String)], at indent: Int) -> [String] {
        if pairs.isEmpty { return ["\(pad(indent))\(name): {}"] }
        let line = "\(pad(indent))\(name): { " + pairs.map { "\($0.0): \($0.1)" }.joined(separator: ", ") + " }"
        if line.utf8.count <= columnsMax { return [line] }
        return ["\(pad(indent))\(name):"] + pairs.map { "\(pad(indent + 2))\($0.0): \($0.1)" }
    }

    /// Plain where every YAML reader takes it for this text, also inside braces; else in double quotes.
    static func text(_ text: String) -> String {
        let isSafe =
            text.utf8.allSatisfy { Names.isIdentifierByte($0) || "./ ()+@".utf8.contains($0) }
            && text.utf8.first.map { Names.isIdentifierByte($0) && $0 != UInt8(ascii: "-") } ?? false
            && text.utf8.last != UInt8(ascii: " ") && CoreSchema.type(of: text) == .string
        if isSafe { return text }
        var json = JSONText(.printable)
        json.string(text)
        return json.json
    }
}

extension CatalogText {
    /// Plain where that is safe outside braces.
    static func url(_ url: String) -> String {
        let isPlain = url.utf8.allSatisfy { Names.isIdentifierByte($0) || ":/.".utf8.contains($0) }
        return isPlain && url.hasPrefix("http") && !url.hasSuffix(":") ? url : text(url)
    }
}

extension Names {
    /// A letter, a digit, `-` or `_`.
    fileprivate static func isIdentifierByte(_ byte: UInt8) -> Bool {
        isLowerOrDigit(byte | 0x20) && byte >= 0x30 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
}
