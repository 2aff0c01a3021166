internal import Policy
internal import Spec
internal import Store

/// The overrides that PostgreSQL told of last, with their ends by this machine's clock, so that they end when nobody can be asked.
struct OverrideBook {
    /// Up to which change they are known; nil before PostgreSQL was asked.
    private(set) var sequence: Int64?
    /// The oldest first.
    private var entries: [Entry] = []

    private struct Entry {
        var override: Override
        /// By this machine's clock.
        var endsAt: Instant
    }

    init() {}

    /// Reads them in one moment; `now` is this machine's.
    init(_ transaction: Transaction, now: Instant) throws(DatabaseError) {
        sequence = try Overrides.sequence(transaction)
        let ahead = try transaction.clock().milliseconds - now.milliseconds
        entries = try Overrides.inForce(transaction, .everything).map { override in
            Entry(override: override, endsAt: Instant(milliseconds: override.expiresAt.milliseconds - ahead))
        }
    }

    func count(at now: Instant) -> Int { entries.count { now < $0.endsAt } }

    /// Whether one ends between two moments of this machine's clock.
    func endsAny(after: Instant, upTo now: Instant) -> Bool { entries.contains { after < $0.endsAt && $0.endsAt <= now } }

    func denials(at now: Instant) -> [Denial] {
        entries.filter { $0.override.effect == .denial && now < $0.endsAt }.map { entry in
            Denial(
                mark: OverrideMark(entry.override), uid: entry.override.targetUID, model: entry.override.part, endsAt: entry.endsAt)
        }
    }

    func patches(at now: Instant) -> PatchesInForce {
        PatchesInForce(entries.filter { now < $0.endsAt }.map(\.override))
    }
}

/// What overrides put in place of what is declared.
struct PatchesInForce: Equatable {
    /// The oldest first.
    private let overrides: [Override]

    static let none = PatchesInForce([])

    /// Those of the overrides that change something.
    init(_ overrides: [Override]) { self.overrides = overrides.filter { $0.effect != .denial } }

    var isEmpty: Bool { overrides.isEmpty }

    /// The resources with other values where an override says so. One that no longer fits what is declared changes nothing; `warn` hears why.
    func applied(to resources: [GovernedResource], warn: (String) -> Void) -> [GovernedResource] {
        if isEmpty { return resources }
        let byTarget = Dictionary(grouping: overrides, by: \.targetUID)
        return resources.map { governed in
            (byTarget[governed.uid] ?? []).reduce(governed) { Self.apply($1, to: $0, warn: warn) }
        }
    }

    private static func apply(_ override: Override, to governed: GovernedResource, warn: (String) -> Void) -> GovernedResource {
        guard case .patch(let patch) = override.effect else { return governed }
        do throws(PatchProblem) {
            let changed = try Resource.decode(key: governed.resource.key, canonical: governed.resource.canonical, patch: patch)
            var provenance = governed.provenance
            for pointer in patch.fields.keys {
                provenance.overrides[changed.pointer(ofChanged: pointer, since: governed.resource)] = OverrideMark(override)
            }
            return GovernedResource(uid: governed.uid, resource: changed, provenance: provenance)
        } catch {
            warn("the override \(override.uid) of \(governed.resource.key) changes nothing: \(error)")
            return governed
        }
    }
}

extension OverrideMark {
    init(_ override: Override) {
        self.init(uid: override.uid, owner: override.owner, reason: override.reason, until: override.expiresAt)
    }
}
