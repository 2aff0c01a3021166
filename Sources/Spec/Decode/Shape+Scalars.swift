extension Shape where Value == String {
    /// Text; a number or `true` must be put in quotes, so that nothing is read otherwise than it looks.
    static var text: Shape<String> {
        Shape(.text("text", example: nil, isQuoted: true)) { node, reading in
            guard case .scalar(let scalar) = node.content, scalar.type == .string else {
                let isScalar = if case .scalar = node.content { true } else { false }
                reading.expected("text", node, hint: isScalar ? "put it in quotes" : "put it in quotes, if it is text")
                return nil
            }
            return Decoded(scalar.text, .string(scalar.text))
        }
    }

    /// Text as it is written, quotes or not, such as the value of a label.
    static var written: Shape<String> {
        Shape(.text("text", example: nil)) { node, reading in
            reading.written(node, expecting: "text").map { Decoded($0, .string($0)) }
        }
    }

    /// Text that is not empty and holds only what `accepts` does.
    ///
    /// `pattern` says the same as a regular expression, see `ShapeDescription.text`.
    static func text(
        _ name: String, example: String, pattern: String? = nil, _ accepts: @escaping (String) -> Bool
    ) -> Shape<String> {
        Shape(.text(name, example: example, pattern: pattern)) { node, reading in
            guard let text = reading.written(node, expecting: name) else { return nil }
            guard accepts(text) else {
                if reading.refusesLookalike(in: text, node.extent, as: .word) { return nil }
                reading.report(
                    .valueInvalid, node.extent, "`\(text)` is not \(name)", hint: "write it like `\(example)`")
                return nil
            }
            return Decoded(text, .string(text))
        }
    }

    /// The name of another resource.
    static func name(of kind: Kind) -> Shape<String> {
        reference(.resource(kind), "the name of \(kind.withArticle)", Names.resourcePattern, Names.isResourceName)
    }

    /// `provider/model`.
    static var model: Shape<String> {
        reference(.model, "`provider/model`", Names.modelPattern, Names.isModelName)
    }

    static var modelOrRoute: Shape<String> {
        reference(.modelOrRoute, "a model or the name of a RoutingPolicy", Names.modelPattern, Names.isModelName)
    }

    private static func reference(
        _ target: Reference.Target, _ what: @autoclosure @escaping () -> String, _ pattern: String,
        _ accepts: @escaping (String) -> Bool
    ) -> Shape<String> {
        Shape(.text(what(), example: nil, pattern: pattern)) { node, reading in
            guard let name = reading.written(node, expecting: what()) else { return nil }
            guard accepts(name) else {
                if reading.refusesLookalike(in: name, node.extent, as: .identifier) { return nil }
                reading.report(.nameInvalid, node.extent, "`\(name)` is not a name", hint: Names.hint)
                return nil
            }
            reading.refer(to: target, name, at: node.extent)
            return Decoded(name, .string(name))
        }
    }
}

extension Shape where Value == Bool {
    static var boolean: Shape<Bool> {
        Shape(.boolean) { node, reading in
            guard case .scalar(let scalar) = node.content, scalar.type == .boolean else {
                reading.expected("true or false", node, hint: boolHint(node))
                return nil
            }
            let value = scalar.text.lowercased() == "true"
            return Decoded(value, .boolean(value))
        }
    }

    /// `true`, for what is only said where it holds.
    static func isTrue(hint: String) -> Shape<Bool> {
        Shape(.isTrue) { node, reading in
            guard let decoded = boolean.read(node, reading) else { return nil }
            guard decoded.value else {
                reading.report(.valueInvalid, node.extent, "`\(reading.fieldName)` can only be true", hint: hint)
                return nil
            }
            return decoded
        }
    }

    private static func boolHint(_ node: Node) -> String? {
        guard case .scalar(let scalar) = node.content else { return nil }
        switch scalar.text.lowercased() {
        case "yes", "on", "true": return "write `true`"
        case "no", "off", "false": return "write `false`"
        default: return nil
        }
    }
}

extension Shape where Value == Int {
    /// A whole number within bounds.
    static func count(_ bounds: ClosedRange<Int>) -> Shape<Int> {
        Shape(.integer(bounds)) { node, reading in
            guard case .scalar(let scalar) = node.content, scalar.type == .integer else {
                reading.expected("a whole number", node)
                return nil
            }
            let digits = scalar.text.drop { $0 == "+" || $0 == "-" }
            if digits.first == "0", digits.count > 1, digits.allSatisfy(\.isWholeNumber) {
                reading.report(
                    .valueInvalid, node.extent, "\(scalar.text) begins with 0, which some readers take for octal",
                    hint: Int(scalar.text).map { "write \($0)" })
                return nil
            }
            guard let value = Int(scalar.text), bounds.contains(value) else {
                let isDecimal = !scalar.text.contains { $0 == "x" || $0 == "o" }
                reading.report(
                    .valueInvalid, node.extent,
                    isDecimal
                        ? "\(scalar.text) is not between \(bounds.lowerBound) and \(bounds.upperBound)"
                        : "\(scalar.text) is not written in decimal digits")
                return nil
            }
            return Decoded(value, .integer(Int64(value)))
        }
    }
}

extension Shape where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of the type's cases, by raw value.
    static var choice: Shape<Value> {
        Shape(.oneOf(Value.allCases.map(\.rawValue))) { node, reading in
            let names = Value.allCases.map(\.rawValue)
            guard let text = reading.written(node, expecting: "one of \(names.joined(separator: ", "))") else {
                return nil
            }
            guard let value = Value(rawValue: text) else {
                if reading.refusesLookalike(in: text, node.extent, as: .word, among: names) { return nil }
                reading.report(
                    .valueUnknown, node.extent, "`\(text)` is not known here",
                    hint: Suggestion.hint(for: text, among: names))
                return nil
            }
            return Decoded(value, .string(text))
        }
    }
}

extension Shape where Value: Amount {
    /// Text in the type's grammar, normalised.
    static var amount: Shape<Value> {
        Shape(.text(Value.noun, example: Value.example, pattern: Value.pattern)) { node, reading in
            guard let text = reading.written(node, expecting: Value.noun) else { return nil }
            do throws(AmountProblem) {
                let value = try Value.parse(text)
                return Decoded(value, .string(value.text))
            } catch {
                if reading.refusesLookalike(in: text, node.extent, as: .word) { return nil }
                let subject = Value.isSecret ? "this" : "`\(text)`"
                reading.report(
                    .amountInvalid, node.extent, "\(subject) is not \(Value.noun): \(error.message)",
                    hint: error.hint ?? "write it like `\(Value.example)`", isOfSecret: Value.isSecret)
                return nil
            }
        }
    }
}
