internal import HTTP

/// What an answer, or one chunk of it, lacks or says otherwise than OpenAI's schema has it. Strict clients fail on each of these.
struct AnswerOddities: OptionSet {
    let rawValue: UInt8

    /// `id`, `object`, `created` or `model` is missing.
    static let identity = AnswerOddities(rawValue: 1 << 0)
    /// There is no list of choices.
    static let choices = AnswerOddities(rawValue: 1 << 1)
    /// A choice does not say which it is.
    static let choiceIndex = AnswerOddities(rawValue: 1 << 2)
    /// A piece of a tool call does not say of which.
    static let callIndex = AnswerOddities(rawValue: 1 << 3)
    /// An answer ends for a reason that OpenAI does not have, or a plain one for none.
    static let finishReason = AnswerOddities(rawValue: 1 << 4)
    /// A message does not say whose it is.
    static let role = AnswerOddities(rawValue: 1 << 5)

    /// Those of the root's own members. Names are told apart by their lengths first, since every event of every stream comes
    /// through here.
    static func ofRoot(_ scan: JSONScan) -> AnswerOddities {
        var identity = 0
        var hasChoices = false
        for member in scan.members where !member.value.isNull {
            switch member.nameRange.count - quotes {
            case 2 where member.isNamed("id"), 5 where member.isNamed("model"), 6 where member.isNamed("object"),
                7 where member.isNamed("created"):
                identity += 1
            case 7 where member.isNamed("choices"): hasChoices = member.value.kind == .array
            default: break
            }
        }
        var oddities: AnswerOddities = []
        if identity < identityMembers { oddities.insert(.identity) }
        if !hasChoices { oddities.insert(.choices) }
        return oddities
    }

    /// Those of a plain answer's choices.
    static func ofMessages(_ choices: JSONArray) -> AnswerOddities {
        var oddities: AnswerOddities = []
        for choice in choices {
            guard let choice = choice.object() else { continue }
            var hasIndex = false
            var hasReason = false
            for member in choice {
                if member.isNamed("index") {
                    hasIndex = member.value.kind == .number
                } else if member.isNamed("finish_reason") {
                    hasReason = !member.value.isNull && FinishReason.isKnown(member.value)
                } else if member.isNamed("message"), let message = member.value.object() {
                    if message.first(where: { $0.isNamed("role") })?.value.kind != .string { oddities.insert(.role) }
                }
            }
            if !hasIndex { oddities.insert(.choiceIndex) }
            if !hasReason { oddities.insert(.finishReason) }
        }
        return oddities
    }

    private static let identityMembers = 4
    private static let quotes = 2
}
