/// One value of a foreign table and what became of it; together these account for the whole table.
package struct ImportedValue: Hashable, Sendable {
    /// The name of the entry in the table.
    package var entry: String
    /// Where in the entry, as RFC 6901 writes it.
    package var pointer: String
    /// As the table writes it.
    package var text: String
    package var isNumber: Bool
    package var fate: Fate
}

/// What became of a value.
package enum Fate: Hashable, Sendable {
    case carried(Home)
    /// What is kept, as the catalog writes it, of a price that was finer.
    case rounded(Home, kept: String)
    case left(ImportReason, detail: String?)

    static func left(_ reason: ImportReason) -> Fate { .left(reason, detail: nil) }
}

/// Where in a catalog a value is.
package enum Home: Hashable, Sendable {
    case provider
    case comment
    case displayName
    case context
    case maxOutput
    case mode
    case inputModality
    case outputModality
    case capability(String)
    /// Said by the absence of a capability.
    case withoutCapability(String)
    case label(String)
    case deprecated
    case price(PricePlace)
    /// Where this tier of prices begins or ends is said by the places of prices.
    case tierBound
}
