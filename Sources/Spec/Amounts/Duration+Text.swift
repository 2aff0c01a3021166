extension Duration: Amount {
    static let noun = "a length of time"
    static let example = "5s"
    /// Leaves open whether a fraction of a minute, an hour or a day comes out in whole milliseconds.
    static let pattern: String? = lengthPattern + " *"

    static let lengthPattern =
        "(?:\(AmountPattern.decimal(fraction: 0)) *ms|\(AmountPattern.decimal(fraction: 3)) *(?:s|sec|seconds?)"
        + "|\(AmountPattern.decimal(fraction: nil)) *(?:m|min|minutes?|h|hours?|d|days?))"

    /// `500ms`, `5s`, `1.5h`: one number and one unit.
    package static func parse(_ text: String) throws(AmountProblem) -> Duration {
        var scanner = AmountScanner(text)
        return .milliseconds(try scanner.measure(in: lengths, finest: "a millisecond"))
    }

    /// In the largest unit that leaves a whole number.
    package var text: String {
        let milliseconds = wholeMilliseconds
        let unit = lengths.units.first { milliseconds % $0.size == 0 && milliseconds != 0 }
        guard let unit else { return "\(milliseconds)ms" }
        return "\(milliseconds / unit.size)\(unit.names[0])"
    }

    /// Whole milliseconds in it; what is finer is dropped.
    package var wholeMilliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}

/// The longest first; the first name of each is the one that is written.
private let lengths = UnitTable(
    measured: "time", hint: "one of: `ms`, `s`, `min`, `h`, `d`",
    units: [
        (["d", "day", "days"], 86_400_000), (["h", "hour", "hours"], 3_600_000),
        (["min", "m", "minute", "minutes"], 60_000), (["s", "sec", "second", "seconds"], 1000), (["ms"], 1),
    ])
