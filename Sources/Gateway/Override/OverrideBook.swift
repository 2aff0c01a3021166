internal import Policy
internal import Spec
internal import Store

/// The overrides that PostgreSQL told of last, with their ends by the monotonic clock, so that they end when nobody can be asked.
struct OverrideBook {
    /// Up to which change they are known; nil before PostgreSQL was asked.
    private(set) var sequence: Int64?
    /// What is in force by rows that this program cannot read.
    private(set) var unreadable: [UnreadableOverride] = []
    /// The oldest first.
    private var entries: [Entry] = []

    private struct Entry {
        var override: Override
        var ending: MonotonicEnd
    }

    init() {}

    /// Reads them in one moment. What was over in `earlier` stays so, whatever the clocks say.
    init(_ transaction: Transaction, at moment: Moment, after earlier: OverrideBook) throws(DatabaseError) {
        let rows = try Overrides.rowsInForce(transaction, .everything)
        self.init(rows.overrides, try Overrides.pulse(transaction), at: moment, after: earlier)
        unreadable = rows.unreadable
    }

    init(_ overrides: [Override], _ pulse: Overrides.Pulse, at moment: Moment, after earlier: OverrideBook) {
        sequence = pulse.sequence
        let known = Dictionary(earlier.entries.map { ($0.override.uid, $0.ending) }) { first, _ in first }
        entries = overrides.map { override in
            let left = override.expiresAt.milliseconds - pulse.clock.milliseconds
            var ending = known[override.uid] ?? MonotonicEnd(left: left, at: moment)
            ending.correct(left: left, at: moment)
            return Entry(override: override, ending: ending)
        }
        _ = look(at: moment)
    }

    /// Puts the ends right by what the database's clock says now.
    mutating func correct(by clock: Instant, at moment: Moment) {
        for index in entries.indices {
            entries[index].ending.correct(left: entries[index].override.expiresAt.milliseconds - clock.milliseconds, at: moment)
        }
    }

    /// Has those end whose time is over; true where one did, or the machine's clock was set.
    mutating func look(at moment: Moment) -> Bool {
        var isChanged = false
        for index in entries.indices where entries[index].ending.look(at: moment) { isChanged = true }
        return isChanged
    }

    private var inForce: [Entry] { entries.filter { !$0.ending.isOver } }

    var count: Int { entries.count { !$0.ending.isOver } }

    /// Whether one is over here that has not expired by the database's clock.
    func isAhead(of clock: Instant) -> Bool { entries.contains { $0.ending.isOver && clock < $0.override.expiresAt } }

    /// Whether a change is to replace one.
    var awaitsCommit: Bool { entries.contains { !$0.ending.isOver && $0.override.change != nil } }

    var denials: [Denial] { inForce.filter { $0.override.effect == .denial }.map { Denial($0.override, $0.ending) } }

    var patches: PatchesInForce { PatchesInForce(inForce.map(\.override)) }
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
        return resources.map { governed in byTarget[governed.uid].map { Self.lay($0, over: governed, warn: warn) } ?? governed }
    }

    private static func lay(_ overrides: [Override], over governed: GovernedResource, warn: (String) -> Void) -> GovernedResource {
        func tell(_ override: Override, _ problem: PatchProblem) {
            warn("the override \(override.uid) of \(governed.resource.key) changes nothing: \(problem)")
        }
        var patched: PatchedResource
        do throws(PatchProblem) { patched = try PatchedResource(governed.resource) } catch {
            for override in overrides { tell(override, error) }
            return governed
        }
        for (number, override) in overrides.enumerated() {
            guard case .patch(let patch) = override.effect else { continue }
            do throws(PatchProblem) { try patched.lay(patch, number: number) } catch { tell(override, error) }
        }
        var provenance = governed.provenance
        for place in patched.places { provenance.overrides[place.pointer] = OverrideMark(overrides[place.number]) }
        return GovernedResource(uid: governed.uid, resource: patched.resource, provenance: provenance)
    }
}

extension Denial {
    init(_ override: Override, _ ending: MonotonicEnd) {
        self.init(mark: OverrideMark(override), uid: override.targetUID, model: override.part, endsAt: ending.wall)
    }
}

extension OverrideMark {
    init(_ override: Override) {
        self.init(uid: override.uid, owner: override.owner, reason: override.reason, until: override.expiresAt)
    }
}
