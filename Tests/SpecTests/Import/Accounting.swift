@testable import Spec

/// Holds the account of an import to the table on one side and to what a repository would read on the other, without
/// trusting either: values are read anew from the text, and prices anew from the catalogs.
struct Accounting {
    private let leaves: [String: Leaf]
    private let scene: ImportScene
    private let modelOf: [String: String]
    private let reported: Set<String>
    /// Lines of the catalogs that are comments.
    private let comments: Set<String>

    private struct Leaf {
        var text: String
        var isNumber: Bool
    }

    init(_ text: String, _ format: ImportFormat, _ scene: ImportScene) throws {
        self.scene = scene
        var leaves: [String: Leaf] = [:]
        for (name, node) in Accounting.entries(of: try JSONReader.parse(text), format) {
            Accounting.walk(node, name + "#") { leaves[$0] = Leaf(text: $1.text, isNumber: $1.type.isNumber) }
        }
        self.leaves = leaves
        let items = scene.table.report.items
        reported = Set(items.map { "\($0.entry)#\($0.pointer) \($0.reason.rawValue)" })
        comments = Set(
            scene.table.catalogs.flatMap { $0.text.split(separator: "\n").map(String.init) }
                .filter { $0.drop { $0 == " " }.hasPrefix("#") })
        modelOf = Dictionary(
            scene.table.entryModels.map { ($0.entry, $0.model) }, uniquingKeysWith: { first, _ in first })
    }

    private static func entries(of table: Node, _ format: ImportFormat) -> [(String, Node)] {
        switch format {
        case .litellmPrices: table.children
        case .modelsDev:
            table.children.flatMap { provider in
                (provider.1.children.first { $0.0 == "models" }?.1.children ?? []).map {
                    (provider.0 + "/" + $0.0, $0.1)
                }
            }
        }
    }

    private static func walk(_ node: Node, _ pointer: String, _ take: (String, Scalar) -> Void) {
        switch node.content {
        case .scalar(let scalar): take(pointer, scalar)
        case .sequence(let items):
            for (index, item) in items.enumerated() { walk(item, "\(pointer)/\(index)", take) }
        case .mapping(let entries):
            for entry in entries { walk(entry.value, "\(pointer)/\(JSONPointer.escaped(entry.key))", take) }
        case .broken: break
        }
    }

    /// What of the table is neither in the catalogs nor in the report, or is there otherwise than the account says.
    func problems(in models: [String: ModelCatalog.Model]) -> [String] {
        var problems: [String] = []
        var seen: Set<String> = []
        for value in scene.table.account {
            let name = "\(value.entry)#\(value.pointer)"
            if !seen.insert(name).inserted { problems.append("\(name) has two fates") }
            guard let leaf = leaves[name] else {
                if value.text != "[]", value.text != "{}" { problems.append("\(name) is not in the table") }
                continue
            }
            if leaf.text != value.text || leaf.isNumber != value.isNumber { problems.append("\(name) is read wrong") }
            if let problem = problem(with: value, models) { problems.append("\(name) = \(value.text): \(problem)") }
        }
        for name in leaves.keys where !seen.contains(name) { problems.append("\(name) has no fate") }
        return problems.sorted()
    }

    private func problem(with value: ImportedValue, _ models: [String: ModelCatalog.Model]) -> String? {
        switch value.fate {
        case .left(let reason, _): return isReported(value, reason) ? nil : "left out, and not in the report"
        case .rounded(let home, let kept):
            guard isReported(value, .rounded) else { return "rounded, and not in the report" }
            guard case .price(let place) = home, let price = price(at: place, of: value, models) else {
                return "rounded to nowhere"
            }
            return (try? PicoUSDPerMillion.parse(kept)) == price ? nil : "kept as \(kept), but the catalog has \(price)"
        case .carried(let home):
            guard let model = modelOf[value.entry].flatMap({ models[$0] }) else { return "its model is in no catalog" }
            return carried(value, home, model, models)
        }
    }

    private func isReported(_ value: ImportedValue, _ reason: ImportReason) -> Bool {
        reported.contains("\(value.entry)#\(value.pointer) \(reason.rawValue)")
    }

    private func carried(
        _ value: ImportedValue, _ home: Home, _ model: ModelCatalog.Model, _ models: [String: ModelCatalog.Model]
    ) -> String? {
        let expected = Decimal(value.text)
        let isThere =
            switch home {
            case .price(let place):
                price(at: place, of: value, models).map { price in
                    // One of these is the number, by the unit that its field is in.
                    [18, 15, 12].contains { Decimal(String(price.rawValue)) == expected?.shifted(by: $0) }
                } ?? false
            case .context: model.context.map { Decimal(String($0)) } == expected
            case .maxOutput: model.maxOutput.map { Decimal(String($0)) } == expected
            case .capability(let word): model.capabilities.contains(word)
            case .withoutCapability(let word): !model.capabilities.contains(word)
            case .displayName: model.displayName == value.text
            case .label(let name): model.labels[name] == value.text
            case .maxInput: model.maxInput.map { Decimal(String($0)) } == expected
            case .mode: model.mode == value.text.replacing("_", with: "-")
            case .deprecated: model.deprecated?.text == value.text
            case .inputModality: model.modalities.input.contains(value.text)
            case .outputModality: model.modalities.output.contains(value.text)
            case .endpoint:
                model.endpoints.contains {
                    value.text.replacing("_", with: "-").hasSuffix($0.replacing(".", with: "/"))
                }
                    || value.text == "/v1/batch" && model.endpoints.contains("batches")
            case .provider: modelOf[value.entry]?.hasPrefix(value.text + "/") ?? false
            case .upstreamName: model.upstreamName == value.text
            case .comment: comments.contains("      # " + value.text)
            case .priceBound: isBound(value, model, expected)
            }
        return isThere ? nil : "not in the catalog as \(home)"
    }

    /// Whether a step begins there, or a tier is called so.
    private func isBound(_ value: ImportedValue, _ model: ModelCatalog.Model, _ expected: Decimal?) -> Bool {
        guard value.isNumber else { return value.text == "context" || model.prices[0].tiers[value.text] != nil }
        let steps = model.prices.flatMap(\.above).map(\.input) + [0]
        return steps.contains { Decimal(String($0)) == expected }
    }

    private func price(
        at place: PricePlace, of value: ImportedValue, _ models: [String: ModelCatalog.Model]
    ) -> PicoUSDPerMillion? {
        guard let model = modelOf[value.entry].flatMap({ models[$0] }), model.prices.count == 1 else { return nil }
        let list = model.prices[0]
        let tier = place.tier.map { list.tiers[$0] } ?? ModelCatalog.PriceTier(meters: list.meters, above: list.above)
        let meters = place.above.map { size in tier?.above.first { $0.input == size }?.meters } ?? tier?.meters
        return meters?[Meter(rawValue: place.meter)]
    }
}

/// A decimal by its digits, apart from the code under test.
private struct Decimal: Equatable {
    var digits: String
    var exponent: Int

    init?(_ text: String) {
        let parts = text.lowercased().split(separator: "e")
        guard let mantissa = parts.first, let exponent = parts.count > 1 ? Int(parts[1]) : 0 else { return nil }
        let fraction = mantissa.split(separator: ".").dropFirst().first ?? ""
        digits = mantissa.filter { $0 != "." }
        self.exponent = exponent - fraction.count
        while digits.hasPrefix("0") { digits.removeFirst() }
        while digits.hasSuffix("0") {
            digits.removeLast()
            self.exponent += 1
        }
        if digits.isEmpty { self.exponent = 0 }
    }

    func shifted(by power: Int) -> Decimal {
        var shifted = self
        if !digits.isEmpty { shifted.exponent += power }
        return shifted
    }
}

extension Node {
    fileprivate var children: [(String, Node)] {
        if case .mapping(let entries) = content { entries.map { ($0.key, $0.value) } } else { [] }
    }
}

extension Scalar.ScalarType {
    fileprivate var isNumber: Bool {
        switch self {
        case .integer, .float: true
        default: false
        }
    }
}
