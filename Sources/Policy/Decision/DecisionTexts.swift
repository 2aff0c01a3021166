internal import Spec

/// The parts of decision records that are the same in all records of a snapshot, kept from one record to the next.
///
/// For whoever renders many: half of a record is names and places that every request of a key repeats.
package struct DecisionTexts {
    let snapshot: Snapshot
    private var parts: [Part: [UInt8]] = [:]

    enum Part: Hashable {
        case caller(key: Int32, secret: Int16)
        case bound(Int32)
    }

    /// More are forgotten and rendered anew: about a hundred bytes each.
    private static let partsMax = 8_192

    package init(_ snapshot: Snapshot) { self.snapshot = snapshot }

    /// The members that `render` writes, from the last time if there was one.
    mutating func members(_ part: Part, _ render: (inout JSONText) -> Void) -> [UInt8] {
        if let known = parts[part] { return known }
        var text = JSONText(capacity: 0)
        render(&text)
        if parts.count >= Self.partsMax { parts.removeAll(keepingCapacity: true) }
        parts[part] = text.bytes
        return text.bytes
    }
}
