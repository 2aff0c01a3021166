/// Why a value of a foreign table is not in the catalog as it was, or deserves a look although it is.
///
/// The words are part of the report's format and keep their meaning.
package enum ImportReason: String, CaseIterable, Hashable, Sendable {
    // Carried, with something to know.
    case rounded
    case renamed
    case notMetered = "not-metered"
    case variant
    case assumed
    case uncounted
    case free
    case unpriced
    case sameModel = "same-model"

    // Money that is left out.
    case negative
    case tooLarge = "too-large"
    case notANumber = "not-a-number"
    case conflict
    case offPeak = "off-peak"
    case regional
    case allowance
    case otherCurrency = "other-currency"
    case otherMeasure = "other-measure"
    case unknownPrice = "unknown-price"

    case nameTaken = "name-taken"

    // Facts that are left out.
    case unusableName = "unusable-name"
    case noProvider = "no-provider"
    case notAModel = "not-a-model"
    case providerLimit = "provider-limit"
    case tierEnd = "tier-end"
    case notUnderstood = "not-understood"
    case empty
    case noField = "no-field"

    package enum Weight: Int, Comparable, Sendable {
        case carried, money, fact

        package static func < (a: Weight, b: Weight) -> Bool { a.rawValue < b.rawValue }
    }

    package var weight: Weight {
        switch self {
        case .rounded, .renamed, .notMetered, .variant, .assumed, .uncounted, .free, .unpriced, .sameModel: .carried
        case .negative, .tooLarge, .notANumber, .conflict, .offPeak, .regional, .allowance, .otherCurrency,
            .otherMeasure, .unknownPrice, .nameTaken:
            .money
        case .unusableName, .noProvider, .notAModel, .providerLimit, .tierEnd, .notUnderstood, .empty,
            .noField:
            .fact
        }
    }

    /// What it means, for people.
    package var meaning: String {
        switch self {
        case .rounded: "finer than a trillionth of a USD for a million units; the nearest is kept"
        case .renamed: "the grammar of names does not allow the name; `upstreamName` has it as it was"
        case .notMetered: "carried under a meter that no gateway of this version counts"
        case .variant: "the name stands for a size, quality or region of a model, not for one that can be asked for"
        case .assumed: "the table does not say its mode; catalogs that do not say so mean `chat`"
        case .uncounted: "all its prices are under meters that no gateway counts yet: keys under a budget in USD are refused it"
        case .free: "every price is zero, so that use of it costs nothing"
        case .unpriced: "the table has no price that can be carried; keys under a budget in USD are refused"
        case .sameModel: "a second entry for the same model; what either says is in the catalog once"
        case .negative: "a price below zero"
        case .tooLarge: "a price beyond what Charter can hold"
        case .notANumber: "no number stands where a price is expected"
        case .conflict: "another field of the entry gives another price for the same; that one is kept"
        case .offPeak: "a price for certain hours of the day"
        case .regional: "a factor on the price for a region or an option"
        case .allowance: "a number of uses that are free"
        case .otherCurrency: "not in USD"
        case .otherMeasure: "by a measure that no meter counts, such as gigabytes a day"
        case .unknownPrice: "a price whose field this version does not know"
        case .nameTaken: "another entry that says otherwise has the name; that one is kept"
        case .unusableName: "no name for it can be made"
        case .noProvider: "it names no provider, or one whose name cannot be used"
        case .notAModel: "an example or a rule of the table, not a model"
        case .providerLimit: "a rate limit of the provider's own"
        case .tierEnd: "where the last tier ends; catalogs' last tiers are open"
        case .notUnderstood: "not of the form that the field has elsewhere"
        case .empty: "nothing, or a limit of zero"
        case .noField: "a fact for which a catalog has no field"
        }
    }
}
