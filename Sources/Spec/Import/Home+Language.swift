extension Home {
    /// Whether catalogs of this version have a place for it.
    var isInLanguage: Bool {
        switch self {
        case .mode, .outputModality, .deprecated, .tierBound: false
        case .price(let place): place.tier == nil && place.above == nil
        default: true
        }
    }
}
