/// Why a command line is not one of the simulated provider's.
package struct SettingsError: Error, Equatable, CustomStringConvertible {
    package let description: String
}

extension SimulatorSettings {
    package static let usage = """
        usage: charter simulate [options]

        Serves made-up answers at /v1/chat/completions, /v1/completions, /v1/embeddings and /v1/models.
        A token is a word. The same seed and prompt give the same text and the same vectors.

          --listen HOST:PORT       where to listen (127.0.0.1:9101; port 0 lets the system choose)
          --loops N                threads (1)
          --log FILE               append one JSON line per request, written before the answer's last bytes are sent
          --quiet                  print nothing but errors
          --first-token DURATION   from the request to the first byte of the answer (0)
          --pace DURATION          between tokens; a plain answer waits as long as its stream would take (0)
          --tokens N               words per answer (the seed decides)
          --error-rate SHARE       requests answered with an error, 0 to 1 (0)
          --error-status STATUS    the status of such errors (500)
          --truncate-rate SHARE    answers whose connection closes before the end (0)
          --disconnect-rate SHARE  answers whose connection is reset (0)
          --seed N                 decides texts, vectors and which requests fail (0)
          --models NAME,…          what /v1/models lists; any model is served
          --key KEY                require Authorization: Bearer KEY

        A request's headers overrule these: x-simulate-status, -retry-after, -first-token, -pace, -tokens,
        -truncate-after, -disconnect-after and -end-after (words let through before the answer is cut), and -oddity.

        """

    /// Reads the words behind `charter simulate`. Both `--name value` and `--name=value` are understood.
    package init(arguments: [String]) throws(SettingsError) {
        self.init()
        var words = arguments[...]
        while let word = words.popFirst() {
            if word == "--quiet" {
                isQuiet = true
                continue
            }
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts[0].hasPrefix("--") else { throw SettingsError(description: "unexpected argument '\(word)'") }
            guard let value = parts.count == 2 ? String(parts[1]) : words.popFirst() else {
                throw SettingsError(description: "\(word) needs a value")
            }
            try set(String(parts[0]), value)
        }
        if truncateRate + disconnectRate > 1 {
            throw SettingsError(description: "--truncate-rate and --disconnect-rate together exceed 1")
        }
    }

    private mutating func set(_ name: String, _ value: String) throws(SettingsError) {
        switch name {
        case "--listen": (host, port) = try Self.address(value)
        case "--loops": loops = try Self.integer(name, value, in: 1...256)
        case "--log": logPath = value
        case "--first-token": firstToken = try Self.duration(name, value)
        case "--pace": pace = try Self.duration(name, value)
        case "--tokens": tokens = try Self.integer(name, value, in: 0...1_000_000)
        case "--error-rate": errorRate = try Self.share(name, value)
        case "--error-status": errorStatus = try Self.integer(name, value, in: 400...599)
        case "--truncate-rate": truncateRate = try Self.share(name, value)
        case "--disconnect-rate": disconnectRate = try Self.share(name, value)
        case "--seed": seed = UInt64(try Self.integer(name, value, in: 0...Int.max))
        case "--models": models = value.split(separator: ",").map(String.init)
        case "--key": key = value
        default: throw SettingsError(description: "unknown option \(name)")
        }
    }

    private static func address(_ text: String) throws(SettingsError) -> (String, UInt16) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            throw SettingsError(description: "--listen wants HOST:PORT, not '\(text)'")
        }
        let host = text[..<colon].drop { $0 == "[" }.prefix { $0 != "]" }
        return (host.isEmpty ? "127.0.0.1" : String(host), port)
    }

    private static func integer(
        _ name: String, _ text: String, in range: ClosedRange<Int>
    ) throws(SettingsError) -> Int {
        if let number = Int(text), range.contains(number) { return number }
        throw SettingsError(
            description: "\(name) wants an integer between \(range.lowerBound) and \(range.upperBound), not '\(text)'")
    }

    private static func share(_ name: String, _ text: String) throws(SettingsError) -> Double {
        if let number = Double(text), (0...1).contains(number) { return number }
        throw SettingsError(description: "\(name) wants a number from 0 to 1, not '\(text)'")
    }

    private static func duration(_ name: String, _ text: String) throws(SettingsError) -> Duration {
        if let duration = DurationText.parse(text) { return duration }
        throw SettingsError(description: "\(name) wants a duration such as 20ms or 1.5s, not '\(text)'")
    }
}
