extension FieldDeclaration {
    /// What the field is, as a sentence.
    package var summary: String { about.sentence }

    /// The same with what may stand there, what holds without it, and whether anything keeps it.
    package var markdown: String {
        var parts = [summary]
        switch shape {
        case .fields: break
        default: parts.append("Value: \(shape.summary).")
        }
        if presence == .required { parts.append("Required.") }
        if let initial { parts.append("Default: `\(initial)`.") }
        if !alternatives.isEmpty {
            parts.append((alternativesMayMix ? "At least one of: " : "Exactly one of: ") + alternatives.map { "`\($0)`" }.joined(separator: ", ") + ".")
        }
        parts += conditions.map(\.sentence)
        if !needs.isEmpty { parts.append("Needs: " + needs.map { "`\($0)`" }.joined(separator: ", ") + ".") }
        if effect == .notYet { parts.append("*Accepted, not enforced by this version.*") }
        return parts.joined(separator: "\n\n")
    }
}

extension FieldCondition {
    /// `Required where type is group.`
    package var sentence: String {
        let list = values.map { "`\($0)`" }.joined(separator: " or ")
        let place = "where `\(field)` is \(list)" + (orMissing ? " or missing" : "")
        return (sort == .needed ? "Required " : "Only ") + place + "."
    }
}

extension String {
    /// With a capital and a full stop.
    var sentence: String {
        guard let first else { return self }
        let capital = first.isLowercase ? first.uppercased() + dropFirst() : self
        return capital.hasSuffix(".") ? capital : capital + "."
    }
}
