internal import Spec

/// What comparing base, desired and actual says of one field.
package enum FieldVerdict: String, Sendable {
    /// Actual already is what is desired.
    case equal
    /// Git changed it, nobody else did.
    case pending
    /// Somebody changed the database, Git did not.
    case drift
    /// Both changed it, to different values.
    case conflict
}

/// One field on its three sides; nil means absent there. Values are JSON text.
package struct FieldComparison: Hashable, Sendable {
    package var pointer: String
    package var base: String?
    package var desired: String?
    package var actual: String?

    package var verdict: FieldVerdict {
        if desired == actual { return .equal }
        if actual == base { return .pending }
        return desired == base ? .drift : .conflict
    }
}

/// Compares a resource's three canonical texts field by field.
package enum ThreeWay {
    /// Every field that is not the same on all three sides, in the order of the first text that has it.
    package static func compare(base: String?, desired: String?, actual: String?) -> [FieldComparison] {
        if base == desired && desired == actual { return [] }
        let sides = [base, desired, actual].map { $0.map { CanonicalFields(of: $0).leaves } }
        var seen: Set<String> = []
        var found: [FieldComparison] = []
        for pointer in sides.flatMap({ $0?.pointers ?? [] }) where seen.insert(pointer).inserted {
            let values = sides.map { $0?[pointer] }
            if values[0] == values[1] && values[1] == values[2] { continue }
            found.append(FieldComparison(pointer: pointer, base: values[0], desired: values[1], actual: values[2]))
        }
        if found.isEmpty {
            // The texts differ in form alone, which only a hand can have done.
            found.append(FieldComparison(pointer: "", base: base, desired: desired, actual: actual))
        }
        return found
    }
}
