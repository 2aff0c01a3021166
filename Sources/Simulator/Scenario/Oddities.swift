/// Ways in which lesser providers differ from OpenAI; each is met in the field.
struct Oddities: OptionSet, Equatable {
    let rawValue: Int

    /// The chunk that tells the usage has no `choices`.
    static let usageWithoutChoices = Oddities(rawValue: 1 << 0)
    /// The pieces of tool calls do not say which call they belong to.
    static let callsWithoutIndex = Oddities(rawValue: 1 << 1)
    static let choicesWithoutIndex = Oddities(rawValue: 1 << 2)
    /// Neither `id` nor `object`, `created` and `model`.
    static let noIdentity = Oddities(rawValue: 1 << 3)
    /// What ends of itself finishes with `eos`.
    static let eos = Oddities(rawValue: 1 << 4)
    static let noUsage = Oddities(rawValue: 1 << 5)
    /// An event of a stream holds several tokens.
    static let fatChunks = Oddities(rawValue: 1 << 6)
    /// A page for people, with status 200.
    static let html = Oddities(rawValue: 1 << 7)

    static let named: [(name: String, oddity: Oddities)] = [
        ("usage-without-choices", .usageWithoutChoices), ("calls-without-index", .callsWithoutIndex),
        ("choices-without-index", .choicesWithoutIndex), ("no-identity", .noIdentity), ("eos", .eos),
        ("no-usage", .noUsage), ("fat-chunks", .fatChunks), ("html", .html),
    ]

    /// Names with commas between them; nil when one is not known.
    init?(names text: String) {
        self = []
        for name in text.split(whereSeparator: { $0 == "," || $0 == " " }) {
            guard let known = Self.named.first(where: { $0.name == name }) else { return nil }
            insert(known.oddity)
        }
    }

    init(rawValue: Int) { self.rawValue = rawValue }
}
