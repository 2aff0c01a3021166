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
    case upstreamName
    case comment
    case displayName
    case context
    case maxInput
    case maxOutput
    case mode
    case inputModality
    case outputModality
    case endpoint
    case capability(String)
    /// Said by the absence of a capability.
    case withoutCapability(String)
    case label(String)
    case deprecated
    case price(PricePlace)
    /// Where a step of prices begins or ends, or which tier it is of: said by the places of prices.
    case priceBound
}
