/// The tags of the core schema: YAML 1.2.2, section 10.3.
enum CoreTag: String, CaseIterable {
    case text = "str"
    case integer = "int"
    case float = "float"
    case boolean = "bool"
    case null = "null"
    case mapping = "map"
    case sequence = "seq"

    private static let prefix = "tag:yaml.org,2002:"

    /// Nil for a tag of anybody else.
    init?(_ tag: String) {
        guard tag.hasPrefix(Self.prefix) else { return nil }
        self.init(rawValue: String(tag.dropFirst(Self.prefix.count)))
    }

    /// As it is usually written.
    var written: String { "!!" + rawValue }

    /// What may stand under it.
    var noun: String {
        switch self {
        case .text: "text"
        case .integer: "a whole number"
        case .float: "a number"
        case .boolean: "`true` or `false`"
        case .null: "`null` or nothing"
        case .mapping: "a mapping"
        case .sequence: "a list"
        }
    }

    /// The scalar with this type; nil where it is not written like one, whether in quotes or not.
    func applied(to scalar: Scalar) -> Scalar? {
        let written = CoreSchema.type(of: scalar.text)
        switch self {
        case .text: return scalar.typed(.string)
        case .integer: return written == .integer ? scalar.typed(.integer) : nil
        case .float: return written == .integer || written == .float ? scalar.typed(.float) : nil
        case .boolean: return written == .boolean ? scalar.typed(.boolean) : nil
        case .null: return written == .null ? scalar.typed(.null) : nil
        case .mapping, .sequence: return nil
        }
    }

    /// How a tag is shown that libyaml has resolved.
    static func shown(_ tag: String) -> String {
        tag.hasPrefix(prefix) ? "!!" + tag.dropFirst(prefix.count) : tag
    }
}
