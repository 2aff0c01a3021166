@testable import Spec

/// One random change of a document.
struct RandomEdit {
    enum Sort { case set, addition, removal }

    var path: [String] = []
    var change: FieldEdit.Change = .remove
    var sort = Sort.set
    /// The value that is changed or goes; nil for an addition.
    var node: Node?
    /// Where its key stands, or the value itself in a list.
    private(set) var start = Extent.start.position

    var field: FieldEdit { FieldEdit(path.map { "/" + JSONPointer.escaped($0) }.joined(), change) }

    init(of document: Node, _ random: inout SplitMix) {
        var node = document.entries.last?.value ?? document
        path = ["spec"]
        while let (step, inner, place) = Self.step(in: node, &random), path.count < 2 || Int.random(in: 0..<4, using: &random) > 0 {
            path.append(step)
            node = inner
            start = place.position
        }
        let draw = Int.random(in: 0..<10, using: &random)
        self.node = node
        switch node.content {
        case .mapping where draw < 4: add(["added"], &random)
        case .sequence where draw < 4: add(["-"], &random)
        case .mapping where draw < 5: add(["new map", "inner"], &random)
        default:
            sort = draw < 7 || path.count < 2 ? .set : .removal
            if sort == .set { change = .set(Self.value(depth: 0, &random)) }
        }
    }

    private mutating func add(_ steps: [String], _ random: inout SplitMix) {
        sort = .addition
        node = nil
        path += steps
        change = .set(Self.value(depth: 0, &random))
    }

    private static func step(in node: Node, _ random: inout SplitMix) -> (String, Node, Extent)? {
        switch node.content {
        case .mapping(let entries): entries.randomElement(using: &random).map { ($0.key, $0.value, $0.keyExtent) }
        case .sequence(let items): items.indices.randomElement(using: &random).map { (String($0), items[$0], items[$0].extent) }
        default: nil
        }
    }

    static let texts = [
        "plain", "400 USD/month", "a: b", "x # y", "# no comment", "- dash", "yes", "null", "5", "1.5", "true", "", " lead", "trail ",
        "{a}", "[b", "a, b", "it's", "say \"x\"", "back\\slash", "tab\there", "größe", "日本", "a:", "&x", "*y", "!z", "%p", "@q", "`r",
        "?", "? a", "-", "--- x", "...", "<<", "a\nb", "first\n\nthird\n", "\n", "ends\n\n", "  deep\nx", "a?b", "http://x/y?z=1,2",
        "\u{1b}[31m", "e\u{301}", "0x1F", "2027-02-01", ":x", "a #b", "a\r\nb",
    ]

    static func value(depth: Int, _ random: inout SplitMix) -> EditValue {
        switch Int.random(in: 0..<(depth < 2 ? 12 : 8), using: &random) {
        case 0...3: .text(texts.randomElement(using: &random) ?? "x")
        case 4, 5: .written(["400 USD/month", "80%", "1.5", "5", "true", "label:a=b", "openai/*"].randomElement(using: &random) ?? "x")
        case 6: .integer(Int64.random(in: -9...9, using: &random))
        case 7: Bool.random(using: &random) ? .boolean(true) : .null
        case 8, 9: .list((0..<Int.random(in: 0...3, using: &random)).map { _ in value(depth: depth + 1, &random) })
        default:
            .map(
                (0..<Int.random(in: 0...3, using: &random)).map {
                    EditValue.Member(["k\($0)", "a: \($0)", "größe\($0)", "name\($0)", "\($0)"].randomElement(using: &random) ?? "k", value(depth: depth + 1, &random))
                })
        }
    }
}
