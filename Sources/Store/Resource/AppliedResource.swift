package import Spec

/// A resource as a unit's revision left it, with whether its row still says so.
package struct AppliedResource: Hashable, Sendable {
    package var key: ResourceKey
    package var uid: String
    package var canonical: String
    /// The unit whose revision declared it.
    package var unit: String
    /// Whether the row has this name, text and unit: nothing that a hand did to it shows.
    package var isIntact: Bool

    package init(key: ResourceKey, uid: String, canonical: String, unit: String, isIntact: Bool) {
        (self.key, self.uid, self.canonical, self.unit, self.isIntact) = (key, uid, canonical, unit, isIntact)
    }

    /// All of these kinds, in the order of names. What a hand added is none of them, what it removed is.
    package static func all(_ transaction: Transaction, kinds: [Kind]) throws(DatabaseError) -> [AppliedResource] {
        try compared(transaction, UnitOwnership.declared(transaction, kinds), Resources.list(transaction, kinds: kinds))
    }

    /// Those among the rows that were applied at all, in the order of names.
    package static func among(_ transaction: Transaction, _ rows: [StoredResource]) throws(DatabaseError) -> [AppliedResource] {
        try compared(transaction, UnitOwnership.declared(transaction, uids: rows.map(\.uid)), rows)
    }

    /// The row's own digest is no witness: whoever changes the text can change it along.
    private static func compared(
        _ transaction: Transaction, _ units: [String: String], _ rows: [StoredResource]
    ) throws(DatabaseError) -> [AppliedResource] {
        let rows = Dictionary(rows.map { ($0.uid, $0) }) { first, _ in first }
        return try History.state(transaction, at: Int64.max, of: Array(units.keys)).map { uid, applied in
            let (unit, row) = (units[uid] ?? "", rows[uid])
            return AppliedResource(
                key: applied.key, uid: uid, canonical: applied.canonical, unit: unit,
                isIntact: row?.key == applied.key && row?.canonical == applied.canonical && row?.unit == unit)
        }.sorted { $0.key < $1.key }
    }
}
