extension Duration {
    /// How long ago something was, as people write it: `30s`, `5m`, `2h`, `7d`; nil for any other text.
    package static func age(_ text: String) -> Duration? {
        let digits = text.utf8.dropLast()
        guard let unit = text.last, let seconds = ["s": 1, "m": 60, "h": 3600, "d": 86_400][unit] as Int64?,
            digits.allSatisfy({ (48...57).contains($0) }), digits.count <= ageDigitsMax, let count = Int64(text.dropLast())
        else { return nil }
        return .seconds(count * seconds)
    }

    /// Of any unit; far more than anything is old.
    private static var ageDigitsMax: Int { 9 }
}
