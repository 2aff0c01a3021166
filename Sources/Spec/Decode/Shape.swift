/// How one sort of value is read, written in canonical form, and described.
struct Shape<Value> {
    let describe: () -> ShapeDescription
    /// Nil after a report.
    let read: (Node, Reading) -> Decoded<Value>?

    init(
        _ describe: @autoclosure @escaping () -> ShapeDescription,
        read: @escaping (Node, Reading) -> Decoded<Value>?
    ) {
        self.describe = describe
        self.read = read
    }

    /// The same text, read as something else that keeps its canonical form.
    func map<Other>(_ transform: @escaping (Value) -> Other) -> Shape<Other> {
        Shape<Other>(describe()) { node, reading in
            read(node, reading).map { Decoded(transform($0.value), $0.canonical) }
        }
    }

    /// The same text with another example of it, where the grammar's own would be no good here.
    func like(_ example: String) -> Shape { Shape(describe().like(example), read: read) }

    /// Adds something to do with a value that was read well, such as noting a reference.
    func noting(_ note: @escaping (Value, Node, Reading) -> Void) -> Shape {
        Shape(describe()) { node, reading in
            let decoded = read(node, reading)
            if let decoded { note(decoded.value, node, reading) }
            return decoded
        }
    }
}

struct Decoded<Value> {
    var value: Value
    var canonical: CanonicalJSON

    init(_ value: Value, _ canonical: CanonicalJSON) {
        self.value = value
        self.canonical = canonical
    }
}

extension Reading {
    /// Says that something else was expected, naming it with its article.
    func expected(_ what: String, _ node: Node, hint: String? = nil) {
        if case .broken = node.content { return }
        if node.isDoubtful { return }
        if case .scalar(let scalar) = node.content, scalar.type == .null {
            report(
                .valueMissing, scalar.text.isEmpty ? keyExtent : node.extent,
                "the value is missing, \(what) is expected",
                hint: "give a value, or remove the field")
        } else {
            report(
                .wrongType, node.extent, "\(what) is expected, not \(node.noun)",
                hint: hint ?? (what == "a mapping" ? node.hintOfSpace : nil))
        }
    }

    /// The text of a scalar as it was written, whatever its type; nil after a report.
    func written(_ node: Node, expecting what: @autoclosure () -> String) -> String? {
        if case .scalar(let scalar) = node.content, scalar.type != .null { return scalar.text }
        expected(what(), node)
        return nil
    }
}

extension Node {
    /// What to say of text that would be a field with a space after its colon.
    fileprivate var hintOfSpace: String? {
        guard case .scalar(let scalar) = content, scalar.isPlain, let colon = scalar.text.firstIndex(of: ":"),
            Names.isIdentifier(String(scalar.text[..<colon]))
        else { return nil }
        return "put a space after the colon of `\(scalar.text[..<colon]):`"
    }
}
