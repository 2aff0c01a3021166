internal import Spec
internal import Store

/// A declared key as `/api/v1/api-keys` shows it; a value.
struct PlatformKey {
    let name: String
    /// Nil before it is applied.
    let uid: String?
    let spec: APIKey
    let isSuspended: Bool
    let now: Instant

    init(_ key: DeclaredKey, at now: Instant) {
        self.init(name: key.row.key.name, uid: key.row.uid, spec: key.spec, isSuspended: key.isSuspended(at: now), now: now)
    }

    init(name: String, uid: String?, spec: APIKey, isSuspended: Bool = false, now: Instant) {
        (self.name, self.uid, self.spec, self.isSuspended, self.now) = (name, uid, spec, isSuspended, now)
    }

    enum Status: String, CaseIterable { case active, suspended, expired, revoked }

    var status: Status {
        if !spec.secrets.contains(where: { secret in secret.until.map { now < $0 } ?? true }) { return .revoked }
        if spec.expires.map({ $0 <= now }) ?? false { return .expired }
        return isSuspended ? .suspended : .active
    }

    static let members: [(String, AdminShape)] = [
        ("id", .string), ("uid", .optional(.string)), ("name", .string), ("keyPrefix", .optional(.string)), ("userId", .string),
        ("permissions", .array(.string)), ("rateLimit", .optional(.integer)), ("expiresAt", .optional(.moment)),
        ("status", .choice(Status.allCases.map(\.rawValue))),
    ]

    var members: [(String, JSONTree)] {
        [
            ("id", .string(name)), ("uid", .optional(uid)), ("name", .string(spec.description ?? name)),
            ("keyPrefix", .optional(spec.secrets.last?.prefix)), ("userId", .string(spec.owner)), ("permissions", .strings(spec.scopes)),
            ("rateLimit", .integer(spec.limits.requests(.minute))), ("expiresAt", .optional(spec.expires?.iso8601)),
            ("status", .string(status.rawValue)),
        ]
    }

    static let shape = AdminShape.members(members.map { AdminShape.Member(name: $0.0, shape: $0.1) })

    var json: JSONTree { .object(members) }

    /// After a change, of which whoever may not read keys is told the id alone.
    static let changedShape = AdminShape.members(
        members.map { name, shape in AdminShape.Member(name: name, shape: name == "id" ? shape : shape.orNull) })

    /// `id` is what the caller named it by.
    static func changed(_ id: String) -> JSONTree {
        .object(members.map { ($0.0, $0.0 == "id" ? .string(id) : .null) })
    }
}

extension AdminShape {
    fileprivate var orNull: AdminShape {
        if case .optional = self { self } else { .optional(self) }
    }
}
