extension ModelPattern: Amount {
    package static let noun = "a model, a pattern or a label"
    package static let example = "openai/*"
    static let pattern: String? =
        "label:[^=]+=[\\s\\S]*|(?!label:)[A-Za-z0-9*][A-Za-z0-9._/:*-]{0,\(Names.modelLengthMax - 1)}"

    package static func parse(_ text: String) throws(AmountProblem) -> ModelPattern {
        guard text.hasPrefix("label:") else {
            guard isName(text) else {
                throw AmountProblem("model names hold letters, digits, `.`, `_`, `-`, `/`, `:`, and patterns also `*`")
            }
            return .name(text)
        }
        let parts = text.dropFirst("label:".count).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else {
            throw AmountProblem("it is no label", hint: "write it like `label:eu=true`")
        }
        return .label(String(parts[0]), String(parts[1]))
    }

    /// Of a model, in which `*` may stand anywhere.
    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= Names.modelLengthMax else { return false }
        return (Names.isLetterOrDigit(first) || first == UInt8(ascii: "*"))
            && text.utf8.allSatisfy { Names.isModelByte($0) || $0 == UInt8(ascii: "*") }
    }

    package var text: String {
        switch self {
        case .name(let name): name
        case .label(let name, let value): "label:\(name)=\(value)"
        }
    }

    /// Whether it names one model or route, without `*`.
    package var isLiteral: Bool {
        if case .name(let name) = self { !name.utf8.contains(UInt8(ascii: "*")) } else { false }
    }

    /// Whether a name matches, `*` standing for any run of characters; never true of a label.
    package func matches(name candidate: String) -> Bool {
        guard case .name(let pattern) = self else { return false }
        return Glob.matches(pattern, candidate)
    }
}

/// Patterns in which `*` stands for any run of characters, none included.
package enum Glob {
    /// Linear in the candidate for every `*`, without recursion.
    package static func matches(_ pattern: String, _ candidate: String) -> Bool {
        let pattern = Array(pattern.utf8)
        let text = Array(candidate.utf8)
        var p = 0
        var t = 0
        var star: (pattern: Int, text: Int)?
        while t < text.count {
            if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
                star = (p + 1, t)
                p += 1
            } else if p < pattern.count, pattern[p] == text[t] {
                p += 1
                t += 1
            } else if let last = star {
                p = last.pattern
                t = last.text + 1
                star = (last.pattern, t)
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
