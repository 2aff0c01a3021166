/// A number of bytes: `64 KiB`, `20 MB`, `512 bytes`.
package struct ByteCount: Hashable, Sendable {
    package var bytes: Int64
}

extension ByteCount: Amount {
    package static let noun = "a number of bytes"
    package static let example = "64 KiB"
    static let pattern: String? =
        "(?:\(AmountPattern.decimal(fraction: 0)) *bytes?|[0-9]+(?:\\.[0-9]+)? *(?:kB|KiB|MB|MiB|GB|GiB)) *"

    package static func parse(_ text: String) throws(AmountProblem) -> ByteCount {
        var scanner = AmountScanner(text)
        return ByteCount(bytes: try scanner.measure(in: units, finest: "a byte"))
    }

    /// In the largest binary unit that leaves a whole number.
    package var text: String {
        for (name, size) in [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)] as [(String, Int64)]
        where bytes != 0 && bytes.isMultiple(of: size) {
            return "\(bytes / size) \(name)"
        }
        return "\(bytes) bytes"
    }

    private static let units = UnitTable(
        measured: "bytes", hint: "one of: `bytes`, `kB`, `KiB`, `MB`, `MiB`, `GB`, `GiB`",
        units: [
            (["byte", "bytes"], 1), (["kB"], 1000), (["KiB"], 1 << 10), (["MB"], 1_000_000), (["MiB"], 1 << 20),
            (["GB"], 1_000_000_000), (["GiB"], 1 << 30),
        ])
}
