import Foundation
import Testing

@testable import Spec

/// The emitted schemas and the decoder give the same verdicts.
///
/// `CHARTER_MUTATION_ROUNDS` does more of it.
@Suite struct SchemaTests {
    static let rounds = ProcessInfo.processInfo.environment["CHARTER_MUTATION_ROUNDS"].flatMap { Int($0) } ?? 1500

    /// Valid documents of every kind: the fixtures', the pages' and the example's, with their paths.
    static let documents: [(path: String, node: Node)] = {
        let example = FixtureRepository.folder.appending(path: "../../../examples/config-repo")
        var files = (try? FixtureRepository.files("valid")) ?? []
        files += (try? FixtureRepository.files(in: example)) ?? []
        files += Kind.allCases.flatMap { (try? DocumentTests.examples(of: $0)) ?? [] }
        return files.filter { !$0.isFolderDefaults }.flatMap { file in
            YAMLReader(path: file.path, bytes: file.bytes).documents.map { (file.path, $0) }
        }
    }()

    @Test func `documents of every kind are compared`() {
        let kinds = Set(Self.documents.map { $0.node["kind"]?.text ?? "" })
        #expect(kinds == Set(Kind.allCases.map(\.rawValue)))
    }

    @Test(arguments: Kind.allCases) func `valid documents pass their kind's schema and the combined one`(kind: Kind) throws {
        let own = try SchemaEvaluator(Schema.text(of: kind))
        let combined = try SchemaEvaluator(Schema.combined())
        let inheriting = try SchemaEvaluator(Schema.combined(.inheriting))
        for (path, node) in Self.documents where node["kind"]?.text == kind.rawValue {
            let decoded = ParsedDocument(node, path: path, under: DefaultsChain())
            guard !decoded.diagnostics.contains(where: { $0.severity == .error }) else { continue }
            #expect(own.rejection(of: node) == nil, "\(path)")
            #expect(combined.rejection(of: node) == nil, "\(path)")
            if kind != .repository { #expect(inheriting.rejection(of: node) == nil, "\(path)") }
        }
        #expect(own.unknown.union(combined.unknown).union(inheriting.unknown) == [])
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64]) func `mutated documents are judged as the decoder judges them`(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let damage = TreeDamage(of: Self.documents.map(\.node))
        let combined = try SchemaEvaluator(Schema.combined())
        var verdicts = Verdicts()
        for round in 0..<Self.rounds {
            let (path, whole) = try #require(Self.documents.randomElement(using: &random))
            var node = whole
            for _ in 0...Int.random(in: 0...1, using: &random) { node = damage.applied(to: node, using: &random) }
            let (tree, scalars) = node.numbered()
            let decoded = ParsedDocument(tree, path: path, under: DefaultsChain())
            let errors = decoded.diagnostics.filter { $0.severity == .error }
            let rejection = combined.rejection(of: tree)
            verdicts.add(rejection: rejection, isError: !errors.isEmpty)
            let name = Comment(rawValue: "seed \(seed), round \(round): \(Flow.text(tree))")
            if let rejection { #expect(!errors.isEmpty, "\(name) is refused by the schema alone: \(rejection)") }
            guard rejection == nil else { continue }
            let unseen = errors.filter { Leniency.isOfShape($0) && !Leniency.isAllowed($0, scalars) }
            #expect(unseen.map { "\($0.code.rawValue) \($0.message)" } == [], name)
        }
        #expect(combined.unknown == [])
        #expect(verdicts.bothAccept > Self.rounds / 20 && verdicts.bothReject > Self.rounds / 4)
    }

    @Test(arguments: [5, 6] as [UInt64]) func `what is divided between a folder and a document passes both relaxed schemas`(
        seed: UInt64
    ) throws {
        var random = SplitMix(state: seed)
        let inheriting = try SchemaEvaluator(Schema.combined(.inheriting))
        let defaults = try SchemaEvaluator(Schema.combined(.defaults))
        var good = 0
        for round in 0..<Self.rounds / 5 {
            let (path, whole) = try #require(Self.documents.randomElement(using: &random))
            guard path != "charter.yaml" else { continue }
            let (own, folder) = Division.divide(whole, using: &random)
            let parsed = Specification.parse([
                SourceFile("_defaults.yaml", Flow.text(folder)), SourceFile(path, Flow.text(own)),
            ])
            guard !parsed.flatMap(\.diagnostics).contains(where: { $0.severity == .error }) else { continue }
            good += 1
            #expect(inheriting.rejection(of: own) == nil, "seed \(seed), round \(round): \(Flow.text(own))")
            #expect(defaults.rejection(of: folder) == nil, "seed \(seed), round \(round): \(Flow.text(folder))")
        }
        #expect(good > Self.rounds / 20)
    }

    /// Free text is called `text`; a grammar has another name, an example or is a reference, and says itself as a pattern.
    @Test(arguments: Kind.allCases) func `every grammar is said as a regular expression`(kind: Kind) {
        #expect(Self.withoutPattern(Envelope.declaredFields(of: kind), under: kind.rawValue) == [])
    }

    private static func withoutPattern(_ fields: [FieldDeclaration], under path: String) -> [String] {
        fields.flatMap { withoutPattern($0.shape, at: "\(path).\($0.name)") }
    }

    private static func withoutPattern(_ shape: ShapeDescription, at path: String) -> [String] {
        switch shape {
        case .text(let noun, _, let pattern, _): pattern == nil && noun != "text" ? ["\(path): \(noun)"] : []
        case .list(let item), .set(let item): withoutPattern(item, at: path)
        case .map(let key, let pattern, let item):
            (pattern == nil ? ["\(path): \(key)"] : []) + withoutPattern(item, at: path)
        case .fields(let fields): withoutPattern(fields, under: path)
        case .either(let shapes): shapes.flatMap { withoutPattern($0, at: path) }
        case .integer, .boolean, .isTrue, .oneOf: []
        }
    }

    @Test(arguments: Kind.allCases) func `the least document that is explained is accepted`(kind: Kind) throws {
        let text = Skeleton.text(of: kind)
        let path = kind == .repository ? "charter.yaml" : kind.mayBelongToOrganization ? "orgs/name/x.yaml" : "x.yaml"
        let file = ParsedFile(SourceFile(path, text))
        #expect(file.diagnostics.filter { $0.severity == .error }.map { Rendering.text($0) } == [])
        #expect(try SchemaEvaluator(Schema.text(of: kind)).rejection(of: try #require(YAMLReader(path: "", bytes: Array(text.utf8)).documents.first)) == nil)
    }
}

/// What only the decoder can see. Each is a reason, not a convenience: a schema that said it would be wrong elsewhere.
private enum Leniency {
    static let shape: Set<DiagnosticCode> = [
        .documentNotMapping, .apiVersionUnknown, .kindUnknown, .nameInvalid, .fieldMissing, .fieldUnknown, .wrongType,
        .valueMissing, .valueUnknown, .valueInvalid, .amountInvalid, .alternativesMixed, .alternativeMissing,
    ]

    static func isOfShape(_ diagnostic: Diagnostic) -> Bool { shape.contains(diagnostic.code) }

    static func isAllowed(_ diagnostic: Diagnostic, _ scalars: [Int: Scalar]) -> Bool {
        let message = diagnostic.message
        // A schema knows the value of a plain number or boolean, not how it was written: `007`, `0x1F`, `1.0`, `True`.
        if let line = diagnostic.place?.position.line, let scalar = scalars[line],
            [.integer, .float, .boolean].contains(scalar.type)
        {
            return true
        }
        // A regular expression does not count as far.
        if message.hasSuffix("the number is too large") { return true }
        // Sixtieths and eighty-six thousand four hundredths are not digits.
        if message.hasSuffix("it is finer than a millisecond") { return true }
        // What the Base64 of a key holds.
        if message.hasSuffix("the key does not belong to its algorithm") { return true }
        // Numbers in quotes; a plain one is bounded by the decoder alone too.
        if message.contains("is not between 0 and ") { return true }
        // How near a name is to a known one is no grammar.
        if message.hasSuffix("is not a meter") { return true }
        // Comparisons of one value with another, or with a length of time.
        if Self.comparisons.contains(where: message.hasSuffix) { return true }
        // Which bits an address has is arithmetic.
        return message.hasSuffix("the address has bits beyond the prefix")
    }
}

extension Leniency {
    fileprivate static let comparisons = [
        "a rolling window is of whole minutes, at least one and at most 366 days", "a key lives for a minute at least",
        "what is billed is an amount of money", "an address outside the private network must use https",
        "an organization's webhook is told of its own events only", "an input that must be given has no default",
        "is known already", "the address does not begin with a scheme and a whole host",
        "is not a cron expression of five fields",
        // Of the beginning of a template.
        "is not an address that all programs read alike", "is not the name of a host", "is not an IPv6 address",
        "is not a port", "the host is missing",
    ]
}

private struct Verdicts {
    var bothAccept = 0
    var bothReject = 0

    mutating func add(rejection: String?, isError: Bool) {
        if rejection == nil && !isError { bothAccept += 1 }
        if rejection != nil && isError { bothReject += 1 }
    }
}

/// A tree as YAML in flow style.
enum Flow {
    static func text(_ node: Node) -> String {
        switch node.content {
        case .broken: "~"
        case .scalar(let scalar):
            scalar.type == .string ? CanonicalJSON.string(scalar.text).text : scalar.text.isEmpty ? "~" : scalar.text
        case .sequence(let items): "[" + items.map(text).joined(separator: ", ") + "]"
        case .mapping(let entries):
            "{" + entries.map { CanonicalJSON.string($0.key).text + ": " + text($0.value) }.joined(separator: ", ") + "}"
        }
    }
}

/// Takes a document apart into what its folder gives and what it says itself.
private enum Division {
    static func divide(_ node: Node, using random: inout SplitMix) -> (own: Node, folder: Node) {
        var own: [Node.Entry] = []
        var folder: [Node.Entry] = []
        for entry in node.entries {
            guard ["metadata", "spec"].contains(entry.key) else {
                own.append(entry)
                folder.append(entry)
                continue
            }
            let (mine, given) = divideInside(entry.value, using: &random)
            var named = mine
            var unnamed = given
            for name in ["name", "previousNames"] where entry.key == "metadata" {
                unnamed.removeAll { $0.key == name }
                if !named.contains(where: { $0.key == name }), let value = entry.value[name] {
                    named.append(Node.Entry(key: name, keyExtent: .start, value: value))
                }
            }
            own.append(Node.Entry(key: entry.key, keyExtent: .start, value: mapping(named)))
            folder.append(Node.Entry(key: entry.key, keyExtent: .start, value: mapping(unnamed)))
        }
        return (mapping(own), mapping(folder))
    }

    private static func divideInside(_ node: Node, using random: inout SplitMix) -> ([Node.Entry], [Node.Entry]) {
        var own: [Node.Entry] = []
        var folder: [Node.Entry] = []
        for entry in node.entries {
            switch Int.random(in: 0..<5, using: &random) {
            case 0: folder.append(entry)
            case 1:
                folder.append(entry)
                own.append(entry)
            case 2 where !entry.value.entries.isEmpty:
                let (mine, given) = divideInside(entry.value, using: &random)
                own.append(Node.Entry(key: entry.key, keyExtent: .start, value: mapping(mine)))
                folder.append(Node.Entry(key: entry.key, keyExtent: .start, value: mapping(given)))
            case 3:
                folder.append(entry)
                let null = Node(content: .scalar(Scalar(text: "null", isPlain: true)), extent: .start)
                own.append(Node.Entry(key: entry.key, keyExtent: .start, value: null))
            default: own.append(entry)
            }
        }
        return (own, folder)
    }

    private static func mapping(_ entries: [Node.Entry]) -> Node { Node(content: .mapping(entries), extent: .start) }
}
