/// Which fields an override may change: numbers of rules, never who has which rights, whose key it is or what opens it.
package enum OverridableField {
    /// Pointers by kind, in which `*` stands for the number of an element.
    static let patterns: [Kind: [String]] = [
        .budget: ["/spec/hard", "/spec/soft"],
        .apiKey: budget + limits + ["/spec/maxInput", "/spec/maxOutput", "/spec/expires"],
        .project: budget + limits,
        .member: limits,
        .organization: limits + ["/spec/keyDefaults/limits/*"],
        .plan: ["/spec/limits/*", "/spec/perKey/limits/*", "/spec/perMember/limits/*"],
        .keyPool: budget + limits
            + ["/spec/each/limits/*", "/spec/each/budget/hard", "/spec/each/budget/soft", "/spec/each/maxOutput"],
        .routingPolicy: ["/spec/targets/*/weight"],
    ]

    private static let budget = ["/spec/budget/hard", "/spec/budget/soft"]
    private static let limits = ["/spec/limits/*"]

    /// Whether an override may change the field at a pointer.
    package static func permits(_ pointer: String, of kind: Kind) -> Bool {
        let names = JSONPointer.names(pointer)
        return (patterns[kind] ?? []).contains { pattern in
            let wanted = JSONPointer.names(pattern)
            return wanted.count == names.count && zip(wanted, names).allSatisfy { $0 == $1 || $0 == "*" && Int($1).map { $0 >= 0 } ?? false }
        }
    }

    /// The pointers of a kind as a person writes them: `hard`, `limits/0`; empty for a kind that can only be denied.
    package static func words(of kind: Kind) -> [String] {
        (patterns[kind] ?? []).map { String($0.dropFirst("/spec/".count)).replacing("*", with: "0") }
    }
}
