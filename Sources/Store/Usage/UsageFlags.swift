/// What is doubtful about a row's figures, or out of the ordinary; none of it keeps the row from counting.
package struct UsageFlags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The provider told no usage, or none that can be read, so it was reckoned.
    package static let missing = UsageFlags(rawValue: 1)
    /// The provider told a final usage more than once; the larger was booked.
    package static let repeated = UsageFlags(rawValue: 2)
    /// A count below zero: of the input or output, so the report was not believed, or of a part, which was left out.
    package static let negative = UsageFlags(rawValue: 4)
    /// A count that no answer can have, treated alike.
    package static let tooLarge = UsageFlags(rawValue: 8)
    /// Usage came after the stream's `[DONE]`; it counts only where none came before.
    package static let afterDone = UsageFlags(rawValue: 16)
    /// The provider told less output than pieces of it were relayed.
    package static let below = UsageFlags(rawValue: 32)
    /// The model had no price, so the row costs nothing.
    package static let unpriced = UsageFlags(rawValue: 64)
    /// The answer broke off, or the client left: what the provider made after that is unknown.
    package static let cut = UsageFlags(rawValue: 128)
    /// The row corrects the cost of another.
    package static let repriced = UsageFlags(rawValue: 256)

    /// In the order of the bits.
    package static let names: [(flag: UsageFlags, name: String)] = [
        (.missing, "missing"), (.repeated, "repeated"), (.negative, "negative"), (.tooLarge, "too-large"),
        (.afterDone, "after-done"), (.below, "below"), (.unpriced, "unpriced"), (.cut, "cut"), (.repriced, "repriced"),
    ]

    package var names: [String] { Self.names.filter { contains($0.flag) }.map(\.name) }
}
