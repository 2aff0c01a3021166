internal import HTTP

/// What happens to one request.
struct Scenario: Equatable {
    enum Ending: Equatable {
        case whole
        /// The HTTP message is whole, but its last events or bytes are missing.
        case ended(after: Int)
        /// The connection closes without the end of the HTTP message.
        case truncated(after: Int)
        /// The connection is reset; after no words, before the first byte of the answer.
        case disconnected(after: Int)

        /// How many words are let through, if the answer has as many; nil for the whole answer.
        var words: Int? {
            switch self {
            case .whole: nil
            case .ended(let words), .truncated(let words), .disconnected(let words): words
            }
        }
    }

    /// Answer with this status instead of content.
    var status: Int?
    var firstToken: Duration
    var pace: Duration
    var ending = Ending.whole
    /// Words per choice.
    var tokens: Int?
    /// Sent with an injected status.
    var retryAfter: String?
    var oddities: Oddities = []

    /// Draws by the settings' rates. The same draws in the same order give the same scenarios.
    init(_ settings: SimulatorSettings, _ draws: inout Draws) {
        firstToken = settings.firstToken
        pace = settings.pace
        tokens = settings.tokens
        let failure = draws.nextFraction()
        let end = draws.nextFraction()
        let words = Int(draws.next() % UInt64(Self.drawnWordsMax))
        if failure < settings.errorRate { status = settings.errorStatus }
        if end < settings.disconnectRate {
            ending = .disconnected(after: words)
        } else if end < settings.disconnectRate + settings.truncateRate {
            ending = .truncated(after: words)
        }
    }

    /// Drawn cuts come early, so that even short answers are cut.
    private static let drawnWordsMax = 6
    /// What `x-simulate-tokens` may ask for; some 8 MB of text.
    private static let tokensMax = 1_000_000
}

extension Scenario {
    /// Lets the request's `x-simulate-*` headers overrule.
    mutating func apply(_ headers: Headers) throws(APIFault) {
        // Most requests have none, and are spared the look-ups.
        guard Self.mayHaveAny(headers) else { return }
        status = try Self.integer(headers, "x-simulate-status", in: 200...599) ?? status
        // 200 asks for a good answer whatever the rates say.
        if status == 200 { status = nil }
        firstToken = try Self.duration(headers, "x-simulate-first-token") ?? firstToken
        pace = try Self.duration(headers, "x-simulate-pace") ?? pace
        tokens = try Self.integer(headers, "x-simulate-tokens", in: 0...Self.tokensMax) ?? tokens
        retryAfter = headers["x-simulate-retry-after"]
        if let names = headers["x-simulate-oddity"] { oddities = try Self.oddities(names) }
        if let words = try Self.words(headers, "x-simulate-end-after") { ending = .ended(after: words) }
        if let words = try Self.words(headers, "x-simulate-truncate-after") { ending = .truncated(after: words) }
        if let words = try Self.words(headers, "x-simulate-disconnect-after") { ending = .disconnected(after: words) }
    }

    /// Whether a name may begin with `x-simulate-`, judged by its third letter and its second hyphen.
    private static func mayHaveAny(_ headers: Headers) -> Bool {
        var mayHave = false
        headers.forEach { name, _ in
            if name.count > 11, name[2] | 0x20 == UInt8(ascii: "s"), name[10] == UInt8(ascii: "-") { mayHave = true }
        }
        return mayHave
    }

    private static func integer(
        _ headers: Headers, _ name: String, in range: ClosedRange<Int>
    ) throws(APIFault) -> Int? {
        guard let text = headers[name] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw .invalid("\(name) must be an integer between \(range.lowerBound) and \(range.upperBound).")
        }
        return number
    }

    private static func oddities(_ names: String) throws(APIFault) -> Oddities {
        guard let oddities = Oddities(names: names) else {
            let known = Oddities.named.map(\.name).joined(separator: ", ")
            throw .invalid("x-simulate-oddity must be of \(known).")
        }
        return oddities
    }

    private static func words(_ headers: Headers, _ name: String) throws(APIFault) -> Int? {
        try integer(headers, name, in: 0...tokensMax)
    }

    private static func duration(_ headers: Headers, _ name: String) throws(APIFault) -> Duration? {
        guard let text = headers[name] else { return nil }
        guard let duration = DurationText.parse(text) else {
            throw .invalid("\(name) must be a duration such as 20ms or 1.5s.")
        }
        return duration
    }
}
