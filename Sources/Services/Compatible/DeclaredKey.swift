internal import Spec
internal import Store

/// A declared key as it is applied; a value.
struct DeclaredKey {
    let row: StoredResource
    let resource: Resource
    var spec: APIKey

    init(_ row: StoredResource) throws {
        self.row = row
        resource = try Resource.decode(key: row.key, canonical: row.canonical)
        guard case .apiKey(let spec) = resource.body else { throw Problem.notFound }
        self.spec = spec
    }

    /// By its name in an organization, or its uid, among those that `tenancy` lets the caller see.
    static func find(_ transaction: Transaction, _ tenancy: Tenancy, org: String, id: String) throws -> DeclaredKey {
        if LineageText.isUID(id), let row = try Resources.list(transaction, tenancy, .apiKey, uids: id...id).first { return try DeclaredKey(row) }
        return try named(id, in: org, transaction)
    }

    /// By its number, or its name in an organization.
    static func find(_ transaction: Transaction, _ tenancy: Tenancy, org: String, numberOrName id: String) throws -> DeclaredKey {
        let numbered = try Int64(id).flatMap(LineageNumber.uids).map { try Resources.list(transaction, tenancy, .apiKey, uids: $0) } ?? []
        // 48 bits of random ones are seldom those of two, and then no reason to take either.
        guard numbered.count < 2 else { throw Problem(.conflict, "several keys have this number: give the name of the one that is meant") }
        if let row = numbered.first { return try DeclaredKey(row) }
        return try named(id, in: org, transaction)
    }

    private static func named(_ name: String, in org: String, _ transaction: Transaction) throws -> DeclaredKey {
        guard Names.isResourceName(name), let row = try Resources.one(transaction, ResourceKey(org: org, kind: .apiKey, name: name))
        else { throw Problem.notFound }
        return try DeclaredKey(row)
    }

    /// What people call it.
    var title: String { spec.description ?? row.key.name }

    func isSuspended(at now: Instant) -> Bool { resource.suspension?.holds(at: now) ?? false }

    /// What a change that rests on it expects to find.
    var seen: [ResourceKey: String?] { [row.key: row.seen] }

    func edit(_ fields: [(pointer: String, value: JSONTree?)]) -> ChangePatch.Step {
        .edit(row.key, fields.map { ChangePatch.FieldOperation(pointer: $0.pointer, value: $0.value?.text) })
    }
}

extension [Limit] {
    /// The tightest number of requests of a window, counted over all models; nil where nothing bounds them.
    func requests(_ window: Window) -> Int64? {
        filter { $0.quantity == .requests && $0.window == window && !$0.perModel }.map(\.amount).min()
    }
}
