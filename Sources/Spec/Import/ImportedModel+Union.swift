extension ImportedModel {
    /// One model of two entries for it, where they do not contradict each other; nil where they do.
    ///
    /// Prices of one must all be among those of the other: a table that prices the same use in two ways, by token and by
    /// second, would otherwise charge for it twice.
    func union(with other: ImportedModel) -> ImportedModel? {
        guard prices.isPart(of: other.prices) || other.prices.isPart(of: prices) else { return nil }
        var union = self
        union.prices.merge(other.prices) { own, _ in own }
        guard
            union.take(\.upstreamName, of: other), union.take(\.displayName, of: other),
            union.take(\.context, of: other), union.take(\.maxInput, of: other), union.take(\.maxOutput, of: other),
            union.take(\.mode, of: other), union.take(\.deprecated, of: other),
            union.take(\.input, of: other), union.take(\.output, of: other), union.take(\.endpoints, of: other),
            other.labels.allSatisfy({ (labels[$0.key] ?? $0.value) == $0.value }),
            lacking.isDisjoint(with: other.capabilities), other.lacking.isDisjoint(with: capabilities)
        else { return nil }
        union.labels.merge(other.labels) { own, _ in own }
        union.lacking.formUnion(other.lacking)
        union.capabilities = Set(capabilities + other.capabilities).sorted()
        union.comments += other.comments.filter { !comments.contains($0) }
        return union
    }

    /// Takes what the other knows and this does not; false where both know, and differ.
    private mutating func take<Value: Equatable>(
        _ field: WritableKeyPath<ImportedModel, Value?>, of other: ImportedModel
    ) -> Bool {
        self[keyPath: field] = self[keyPath: field] ?? other[keyPath: field]
        return other[keyPath: field] == nil || self[keyPath: field] == other[keyPath: field]
    }

    private mutating func take(_ field: WritableKeyPath<ImportedModel, [String]>, of other: ImportedModel) -> Bool {
        if self[keyPath: field].isEmpty { self[keyPath: field] = other[keyPath: field] }
        return other[keyPath: field].isEmpty || Set(self[keyPath: field]) == Set(other[keyPath: field])
    }
}

extension [PricePlace: ImportedPrice] {
    fileprivate func isPart(of other: Self) -> Bool {
        allSatisfy { other[$0.key]?.picoUSDPerMillion == $0.value.picoUSDPerMillion }
    }
}
