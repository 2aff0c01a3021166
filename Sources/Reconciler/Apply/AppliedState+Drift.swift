internal import Crypto
internal import Spec
internal import Store

extension AppliedState {
    /// What differs between the rows as applied and the rows as found, in the order of their names.
    package func drift() -> [Drift] {
        let known = applied.compactMap { uid, row in drift(uid: uid, applied: row) }
        let unexpected = actual.filter { applied[$0.key] == nil }
            .map { Drift(resource: "\($0.value.key)", uid: $0.key, finding: .unexpected, place: nil) }
        let strange = strangers.map { Drift(resource: $0.name, uid: $0.uid, finding: .unexpected, place: nil) }
        return (known + unexpected + strange).sorted { ($0.resource, $0.uid) < ($1.resource, $1.uid) }
    }

    /// Takes rows that no revision put there for what is none of the unit's business; answers their names.
    mutating func leaveUnmanaged() -> Set<ResourceKey> {
        strangers = []
        let found = actual.filter { applied[$0.key] == nil }
        for uid in found.keys { actual[uid] = nil }
        return Set(found.values.map(\.key))
    }

    /// Takes rows out of the comparison, as found; answers the names that they have.
    mutating func leave(_ uids: Set<String>) -> Set<ResourceKey> {
        strangers.removeAll { uids.contains($0.uid) }
        let names = uids.compactMap { actual.removeValue(forKey: $0)?.key }
        return Set(names)
    }

    private func drift(uid: String, applied row: PastResource) -> Drift? {
        let place = provenance[uid]?.documentPlace
        guard let found = actual[uid] else {
            return Drift(resource: "\(row.key)", uid: uid, finding: .missing, place: place)
        }
        let fields =
            nameDrift(row, found, place) + fieldDrift(uid, row, found) + digestDrift(row, found, place)
            + unitDrift(found, place)
        return fields.isEmpty ? nil : Drift(resource: "\(row.key)", uid: uid, finding: .changed(fields), place: place)
    }

    private func nameDrift(_ row: PastResource, _ found: StoredResource, _ place: Place?) -> [FieldDrift] {
        guard found.key != row.key else { return [] }
        return [
            FieldDrift(
                column: "/metadata/name", wanted: Self.quoted("\(row.key)"), found: Self.quoted("\(found.key)"),
                place: place)
        ]
    }

    private func fieldDrift(_ uid: String, _ row: PastResource, _ found: StoredResource) -> [FieldDrift] {
        ThreeWay.compare(base: row.canonical, desired: row.canonical, actual: found.canonical).map { field in
            FieldDrift(
                pointer: field.pointer, path: field.path, wanted: field.desired, found: field.actual,
                place: provenance[uid]?.place(of: field.pointer))
        }
    }

    /// The row's own digest, where the text it is of is unchanged.
    private func digestDrift(_ row: PastResource, _ found: StoredResource, _ place: Place?) -> [FieldDrift] {
        let wanted = StateDigest.row(row.key, row.canonical)
        guard found.key == row.key, found.canonical == row.canonical, found.digest != wanted else { return [] }
        return [
            FieldDrift(
                column: "/digest", wanted: Self.quoted(wanted.hex), found: Self.quoted(found.digest.hex), place: place)
        ]
    }

    /// A unit that no revision moved.
    private func unitDrift(_ found: StoredResource, _ place: Place?) -> [FieldDrift] {
        guard let revision, revision.vector[found.unit] == nil else { return [] }
        return [
            FieldDrift(
                column: "/unit", wanted: Self.quoted(revision.unit), found: Self.quoted(found.unit), place: place)
        ]
    }

    private static func quoted(_ text: String) -> String { JSONTree.string(text).text }
}
