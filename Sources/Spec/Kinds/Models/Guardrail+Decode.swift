extension Guardrail: FieldSet {
    init?(from fields: inout Fields) {
        description = fields.optional("description", .text, "what it is for", .informs)
        isForAll = fields.value(
            "forAll", .boolean, default: false, shown: "false",
            "whether every request of its organization, or of the platform, passes it unasked", .notYet)
        reads = fields.value("reads", .choice, default: .both, shown: "both", "what it looks at", .notYet)
        mode = fields.value(
            "mode", .choice, default: .enforce, shown: "enforce", "whether it acts, or says what it would do", .notYet)
        onFailure = fields.value(
            "onFailure", .choice, default: .block, shown: "block", "what becomes of what could not be looked at", .notYet)
        message = fields.optional("message", .text, "what a refused client is told", .notYet)
        size = fields.value("size", .fields, default: SizeBounds(), "how large a request may be", .notYet)
        words = fields.value("words", .fields, default: Words(), "words that may not occur", .notYet)
        patterns = fields.value(
            "patterns", .patterns, default: [], "regular expressions that may not be found, each in linear time", .notYet)
        detectors = fields.value(
            "detectors", .detectors, default: [:], "what is found without a pattern, and what becomes of it", .notYet)
        notify = fields.value("notify", .set(of: .name(of: .webhook)), default: [], "the Webhooks that are told", .notYet)
        check(&fields)
    }

    private func check(_ fields: inout Fields) {
        let parts = ["size", "words", "patterns", "detectors"]
        if !fields.isAnyGiven(parts) {
            fields.report(
                .guardrailIdle, at: fields.reading.keyExtent, "the guardrail looks for nothing",
                hint: "add one of " + parts.map { "`\($0)`" }.joined(separator: ", "))
        }
        for word in words.allow where words.deny.contains(where: { $0.lowercased() == word.lowercased() }) {
            fields.report(
                .partAboveWhole, at: fields.extent(of: "words"), "`\(word)` is both denied and allowed", hint: "remove it from one of the lists")
        }
    }
}

extension Guardrail.SizeBounds: FieldSet {
    init?(from fields: inout Fields) {
        let bounds = 0...1_000_000
        body = fields.optional("body", .amount, "bytes of the whole request", .notYet)
        messages = fields.optional("messages", .count(bounds), "messages", .notYet)
        images = fields.optional("images", .count(bounds), "images", .notYet)
        image = fields.optional("image", .amount, "bytes of one image", .notYet)
        tools = fields.optional("tools", .count(bounds), "tools that are offered to the model", .notYet)
        input = fields.optional("input", .size, "tokens of input", .notYet)
        output = fields.optional("output", .size, "tokens of output that may be asked for", .notYet)
        if let body, let image, image.bytes > body.bytes {
            fields.report(
                .partAboveWhole, at: fields.extent(of: "image"), "one image may be larger than the whole request",
                hint: "lower it, or raise `body`")
        }
    }
}

extension Guardrail.Words: FieldSet {
    init?(from fields: inout Fields) {
        deny = fields.value("deny", .set(of: .phrase), default: [], "whole words or phrases, letters of any case", .notYet)
        allow = fields.value("allow", .set(of: .phrase), default: [], "what nothing here ever finds", .notYet)
        action = fields.value("action", .choice, default: .block, shown: "block", "what becomes of what is found", .notYet)
    }
}

extension Guardrail.NamedPattern: FieldSet {
    init?(from fields: inout Fields) {
        let name = fields.required(
            "name", .text("a word", example: "order-number", pattern: Vocabulary.pattern, Vocabulary.accepts),
            "what it finds, for reports", .notYet)
        let text = fields.required("match", .text, "the regular expression", .notYet)
        let ignoresCase = fields.value(
            "ignoreCase", .boolean, default: false, shown: "false", "whether letters of any case match", .notYet)
        action = fields.value("action", .choice, default: .block, shown: "block", "what becomes of what is found", .notYet)
        replacement = fields.optional("replacement", .text, "what takes the place of what `redact` takes out", .notYet)
        tests = fields.value(
            "tests", .list(of: .fields), default: [], "texts that it must find, or must not", .parts)
        if replacement != nil && action != .redact && !fields.isMistaken("action") {
            fields.report(
                .fieldOfOtherType, at: fields.extent(of: "replacement"), "`replacement` means nothing where nothing is taken out",
                hint: "remove it, or write `action: redact`")
        }
        guard let text, let pattern = Self.pattern(text, ignoresCase, fields) else { return nil }
        self.name = name ?? ""
        self.pattern = pattern
        if !fields.isMistaken("ignoreCase") { runTests(fields) }
        guard name != nil else { return nil }
    }

    private static func pattern(_ text: String, _ ignoresCase: Bool, _ fields: Fields) -> TextPattern? {
        do throws(TextPatternProblem) {
            let pattern = try TextPattern(text, ignoresCase: ignoresCase)
            pattern.checkReach(at: fields.extent(of: "match"), fields.reading)
            return pattern
        } catch {
            fields.report(
                .patternRefused, at: fields.extent(of: "match"), "this is no pattern that can be matched: \(error.message)",
                hint: error.hint)
            return nil
        }
    }

    private func runTests(_ fields: Fields) {
        let places = fields.itemExtents(of: "tests")
        for (index, test) in tests.enumerated() where index < places.count {
            guard pattern.isFound(in: test.text) != (test.expect == .match) else { continue }
            fields.reading.report(
                .patternTestFailed, places[index],
                test.expect == .match ? "the pattern is not found in this text" : "the pattern is found in this text",
                hint: "correct the pattern, or the expectation", related: [(fields.extent(of: "match"), "the pattern")])
        }
    }
}

extension Guardrail.PatternTest: FieldSet {
    /// Longer texts belong into tests of programs.
    private static let textLengthMax = 10_000

    init?(from fields: inout Fields) {
        let text = fields.required("text", .text, "the text", .enforced(by: "TextPattern.isFound"))
        let expect: Expectation? = fields.required(
            "expect", .choice, "whether the pattern is found in it", .enforced(by: "TextPattern.isFound"))
        guard let text, let expect else { return nil }
        guard text.utf8.count <= Self.textLengthMax else {
            fields.report(
                .valueInvalid, at: fields.extent(of: "text"), "the text is longer than \(Self.textLengthMax) bytes",
                hint: "keep what matters of it")
            return nil
        }
        self.text = text
        self.expect = expect
    }
}

extension Shape where Value == String {
    fileprivate static var phrase: Shape<String> {
        text("a word or a phrase", example: "project nightingale", pattern: "[^\\s\\u0000-\\u001f](?:.*[^\\s])?") { text in
            text.unicodeScalars.first.map { !$0.properties.isWhitespace } ?? false
                && text.unicodeScalars.last.map { !$0.properties.isWhitespace } ?? false
        }
    }
}

extension Shape where Value == [Guardrail.NamedPattern] {
    /// Patterns, each of a name of its own.
    fileprivate static var patterns: Shape<[Guardrail.NamedPattern]> {
        Shape.list(of: .fields).noting { patterns, node, reading in
            guard case .sequence(let nodes) = node.content, nodes.count == patterns.count else { return }
            var first: [String: Extent] = [:]
            for (pattern, node) in zip(patterns, nodes) {
                if let earlier = first[pattern.name] {
                    reading.report(
                        .patternRepeated, node.extent, "`\(pattern.name)` is the name of a pattern already",
                        hint: "rename one of them", related: [(earlier, "first given here")])
                } else {
                    first[pattern.name] = node.extent
                }
            }
        }
    }
}

extension Shape where Value == [Guardrail.Detector: Guardrail.Action] {
    fileprivate static var detectors: Shape<[Guardrail.Detector: Guardrail.Action]> {
        let names = Guardrail.Detector.allCases.map(\.rawValue)
        return Shape<[Named<Guardrail.Action>]>.map(
            key: "a detector", pattern: names.joined(separator: "|"), { names.contains($0) },
            hint: "one of: " + names.map { "`\($0)`" }.joined(separator: ", ")
        ) { _ in .choice }
        .map { pairs in
            Dictionary(pairs.compactMap { pair in Guardrail.Detector(rawValue: pair.name).map { ($0, pair.value) } }) { first, _ in
                first
            }
        }
    }
}
