/// Writes a tree as YAML that every reader takes for the same tree: block style, short lists of scalars on one line.
struct YAMLText {
    /// Columns beyond which a list of scalars is written one item a line.
    static let columnsMax = 110

    private(set) var text = ""
    /// A remark after the value at a JSON pointer.
    private let remark: (String) -> String?

    /// Writes the mapping's entries from the left margin, in the order they have.
    init(_ entries: [Node.Entry], remark: @escaping (_ pointer: String) -> String? = { _ in nil }) {
        self.remark = remark
        write(entries, at: "", indent: 0)
    }

    private mutating func write(_ entries: [Node.Entry], at pointer: String, indent: Int) {
        for entry in entries {
            text += pad(indent)
            write(entry, at: pointer, indent: indent)
        }
    }

    /// The key where the text stands, then its value.
    private mutating func write(_ entry: Node.Entry, at pointer: String, indent: Int) {
        text += Self.scalar(entry.key) + ":"
        write(value: entry.value, at: pointer + "/" + JSONPointer.escaped(entry.key), indent: indent)
    }

    /// After a key: on its line where the value is short, else below.
    private mutating func write(value node: Node, at pointer: String, indent: Int) {
        switch node.content {
        case .broken: text += " null\n"
        case .scalar(let scalar) where !scalar.isPlain && Self.isBlock(scalar.text):
            text += " " + Self.block(scalar.text, indent: indent + 2)
        case .scalar(let scalar): endLine(" " + Self.shown(scalar), pointer)
        case .mapping(let entries) where entries.isEmpty: endLine(" {}", pointer)
        case .mapping(let entries):
            endLine("", pointer)
            write(entries, at: pointer, indent: indent + 2)
        case .sequence(let items): write(items: items, at: pointer, indent: indent)
        }
    }

    private mutating func write(items: [Node], at pointer: String, indent: Int) {
        if let line = Self.flow(items), indent + pointer.utf8.count + line.utf8.count <= Self.columnsMax {
            return endLine(" " + line, pointer)
        }
        endLine("", pointer)
        for (index, item) in items.enumerated() {
            text += pad(indent + 2) + "-"
            let inner = "\(pointer)/\(index)"
            if case .mapping(let entries) = item.content, let first = entries.first {
                text += " "
                write(first, at: inner, indent: indent + 4)
                write(Array(entries.dropFirst()), at: inner, indent: indent + 4)
            } else {
                write(value: item, at: inner, indent: indent + 2)
            }
        }
    }

    private mutating func endLine(_ value: String, _ pointer: String) {
        text += value + (remark(pointer).map { "  # \($0.printable)" } ?? "") + "\n"
    }

    private func pad(_ count: Int) -> String { String(repeating: " ", count: count) }

    // MARK: Scalars

    private static func shown(_ scalar: Scalar) -> String { scalar.isPlain ? scalar.text : self.scalar(scalar.text) }

    /// `[a, b]`, where all items are scalars.
    private static func flow(_ items: [Node]) -> String? {
        var texts: [String] = []
        for item in items {
            guard case .scalar(let scalar) = item.content else { return nil }
            texts.append(shown(scalar))
        }
        return "[" + texts.joined(separator: ", ") + "]"
    }

    /// Plain where every reader takes it for this text, inside brackets too; else in double quotes.
    static func scalar(_ text: String) -> String {
        isPlain(text) ? text : quoted(text)
    }

    /// In double quotes, on one line.
    static func quoted(_ text: String) -> String {
        var json = JSONText(.printable)
        json.string(text)
        // JSON leaves characters as they are that turn or hide what stands around them.
        return json.json.unicodeScalars.map { $0.isPrintable ? String($0) : escape($0) }.joined()
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        "\\U" + String(scalar.value, radix: 16, uppercase: true).leftPadded(to: 8)
    }

    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.last != UInt8(ascii: " ") else { return false }
        guard isWordByte(first) || first == UInt8(ascii: "/"), CoreSchema.type(of: text) == .string else { return false }
        // What YAML 1.1 reads otherwise is quoted for the sake of other tools.
        guard !isYAML11Word(text) else { return false }
        return text.utf8.allSatisfy { isWordByte($0) || "./-+%@= ()".utf8.contains($0) }
    }

    static func isYAML11Word(_ text: String) -> Bool {
        ["y", "n", "yes", "no", "on", "off"].contains(text.lowercased())
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// Whether a text of several lines survives a literal block: no odd spaces at its ends, nothing to escape.
    private static func isBlock(_ text: String) -> Bool {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count > 1, let first = lines.first, !first.isEmpty, !first.hasPrefix(" "), lines.last != "" || lines.dropLast().last != ""
        else { return false }
        return lines.allSatisfy { line in
            line.unicodeScalars.allSatisfy { $0.isPrintable && $0 != "\t" } && (line.isEmpty || !line.allSatisfy { $0 == " " })
        }
    }

    private static func block(_ text: String, indent: Int) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let isEnded = lines.last == ""
        if isEnded { lines.removeLast() }
        let pad = String(repeating: " ", count: indent)
        return (isEnded ? "|\n" : "|-\n") + lines.map { $0.isEmpty ? "\n" : "\(pad)\($0)\n" }.joined()
    }
}
