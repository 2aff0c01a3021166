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
    /// The change request that makes a commit of it; nil where none was asked for.
    package var change: String?

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

    /// Of a reason, which every refusal for it tells, and of its owner's name.
    package static let textBytesMax = 1_000
}

extension Override {
    static let columns = """
        uid, sequence, org, kind, name, target_uid, part, denies, patch::text, owner, reason, base_revision,
        \(SQLInstant.milliseconds(finite("created_at"))), \(SQLInstant.milliseconds(finite("expires_at"))),
        \(SQLInstant.milliseconds(finite("ended_at"))),
        ended_by, gateway, elements::text, change_uid
        """

    /// A hand may have written `infinity`, which is no number and would keep all rows from being read.
    static func finite(_ column: String) -> String {
        "CASE \(column) WHEN 'infinity' THEN timestamptz '9999-12-31 00:00:00+00' WHEN '-infinity' THEN timestamptz 'epoch' ELSE \(column) END"
    }

    init(_ row: Row) throws(DatabaseError) {
        let part = try row.text(6)
        self.init(
            uid: try row.text(0), target: try ResourceKey(row, from: 2), targetUID: try row.text(5), part: part.isEmpty ? nil : part,
            effect: try Self.effect(row), owner: try row.text(9), reason: try row.text(10), baseRevision: try row.integer(11),
            createdAt: try row.instant(12), expiresAt: try row.instant(13), gateway: row.textOrNil(16))
        sequence = try row.integer(1)
        endedAt = row.instantOrNil(14)
        endedBy = row.textOrNil(15)
        change = row.textOrNil(18)
    }

    private static func effect(_ row: Row) throws(DatabaseError) -> Effect {
        if try row.boolean(7) { return .denial }
        let (patch, elements) = (try row.text(8), try row.text(17))
        do throws(JSONProblem) { return .patch(try ResourcePatch(json: patch, elements: elements)) } catch {
            throw DatabaseError(.unexpectedAnswer, "its patch cannot be read: \(error.message)")
        }
    }
}

/// A row that a newer version wrote, or a hand, and that this program cannot read.
package struct UnreadableOverride: Hashable, Sendable, CustomStringConvertible {
    package let uid: String
    let org: String
    /// Why not.
    package let reason: String

    init(_ row: Row, _ error: DatabaseError) throws(DatabaseError) {
        (uid, org, reason) = (try row.text(0), try row.text(2), error.message)
    }

    package var description: String { "the override \(uid) counts nothing here: \(reason)" }
}

/// Overrides as they were found.
package struct OverrideRows: Sendable {
    package private(set) var overrides: [Override] = []
    package private(set) var unreadable: [UnreadableOverride] = []

    init(_ rows: Rows) throws(DatabaseError) {
        overrides.reserveCapacity(rows.count)
        for row in rows {
            do throws(DatabaseError) { overrides.append(try Override(row)) } catch { unreadable.append(try UnreadableOverride(row, error)) }
        }
    }
}
