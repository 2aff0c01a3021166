extension Kind {
    /// The kind whose plural a word is, in whatever case; nil when there is none.
    package init?(plural word: String) {
        guard let kind = Self.allCases.first(where: { $0.plural == word.lowercased() }) else { return nil }
        self = kind
    }

    /// As people ask for all of them: `apikeys`, `routingpolicies`.
    package var plural: String {
        let name = rawValue.lowercased()
        return name.hasSuffix("y") && !name.hasSuffix("ey") ? name.dropLast() + "ies" : name + "s"
    }
}
