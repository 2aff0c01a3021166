package import Spec

/// A change in an emergency, beside Git: of one resource, with an owner, a reason and an end.
package struct Override: Hashable, Sendable {
    /// What it does with its target.
    package enum Effect: Hashable, Sendable {
        /// Nobody may use it, or what depends on it.
        case denial
        /// Other values stand in place of what it declares.
        case patch(ResourcePatch)
    }

    package var uid: String
    /// Of its last change; zero before it is written.
    package var sequence: Int64 = 0
    /// What it is about, as that was called then.
    package var target: ResourceKey
    /// Lineage of the target, or the uid of a minted key.
    package var targetUID: String
    /// `provider/name` of the one model of a catalog.
    package var part: String?
    package var effect: Effect
    package var owner: String
    package var reason: String
    /// The revision that was in force when it was made.
    package var baseRevision: Int64
    package var createdAt: Instant
    package var expiresAt: Instant
    package var endedAt: Instant?
    package var endedBy: String?
    /// The gateway that took it by its own call; nil for any other way.
    package var gateway: String?

    package init(
        uid: String, target: ResourceKey, targetUID: String, part: String? = nil, effect: Effect, owner: String, reason: String,
        baseRevision: Int64, createdAt: Instant, expiresAt: Instant, gateway: String? = nil
    ) {
        self.uid = uid
        self.target = target
        self.targetUID = targetUID
        self.part = part
        self.effect = effect
        self.owner = owner
        self.reason = reason
        self.baseRevision = baseRevision
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.gateway = gateway
    }

    package func isInForce(at now: Instant) -> Bool { endedAt == nil && now < expiresAt }

    /// `acme/Budget/monthly`, or the model of a catalog that alone is meant.
    package var subject: String { part.map { "model \($0)" } ?? target.description }

    /// The longest that one may last; what is wanted for longer is committed.
    package static let lifetimeMax = Duration.seconds(7 * 86_400)
}

extension Override {
    static let columns = """
        uid, sequence, org, kind, name, target_uid, part, denies, patch::text, owner, reason, base_revision,
        \(SQLInstant.milliseconds("created_at")), \(SQLInstant.milliseconds("expires_at")), \(SQLInstant.milliseconds("ended_at")),
        ended_by, gateway
        """

    init(_ row: Row) throws(DatabaseError) {
        let part = try row.text(6)
        self.init(
            uid: try row.text(0), target: try ResourceKey(row, from: 2), targetUID: try row.text(5), part: part.isEmpty ? nil : part,
            effect: try Self.effect(row), owner: try row.text(9), reason: try row.text(10), baseRevision: try row.integer(11),
            createdAt: try row.instant(12), expiresAt: try row.instant(13), gateway: row.textOrNil(16))
        sequence = try row.integer(1)
        endedAt = row.instantOrNil(14)
        endedBy = row.textOrNil(15)
    }

    private static func effect(_ row: Row) throws(DatabaseError) -> Effect {
        if try row.boolean(7) { return .denial }
        let text = try row.text(8)
        do throws(JSONProblem) { return .patch(try ResourcePatch(json: text)) } catch {
            throw DatabaseError(.unexpectedAnswer, "the override \(try row.text(0)) has a patch that cannot be read: \(error.message)")
        }
    }
}
