internal import Policy
internal import Spec

/// Keeps organizations from losing those who govern them, or many of their members at once.
struct MemberGuard {
    private let sides: StateSides
    private let thresholds: GuardThresholds
    private let now: Instant

    init(_ sides: StateSides, _ thresholds: GuardThresholds, now: Instant) {
        (self.sides, self.thresholds, self.now) = (sides, thresholds, now)
    }

    var blocks: [GuardBlock] {
        get throws {
            // Most plans change nobody's rights, and then nobody's need be looked at.
            guard sides.plan.changes.contains(where: { RightsBook.kinds.contains($0.key.kind) }) else { return [] }
            let before = RightsBook(try sides.before(RightsBook.kinds), now: now)
            let after = RightsBook(try sides.after(RightsBook.kinds), now: now)
            let removed = removals(before)
            // Those of other units stay, and those that are not pruned.
            let staying = Set(try sides.after([.organization]).compactMap(\.key.org))
            return before.organizations.intersection(staying).sorted().flatMap { org in
                admins(of: org, before, after) + removals(from: org, removed[org] ?? 0, of: before.people(of: org).count)
            }
        }
    }

    /// How many people and services the plan takes from each organization.
    private func removals(_ before: RightsBook) -> [String: Int] {
        var counts: [String: Int] = [:]
        for change in sides.plan.changes where change.isDeletion && change.key.kind == .member {
            guard let org = change.key.org, before.member(change.key)?.sort != .group else { continue }
            counts[org, default: 0] += 1
        }
        return counts
    }

    private func admins(of org: String, _ before: RightsBook, _ after: RightsBook) -> [GuardBlock] {
        let had = before.holders(of: Role.admin, in: org)
        let has = after.holders(of: Role.admin, in: org)
        // One who stays under another name is no loss, and none that there never was.
        guard has.count < had.count, has.count < thresholds.adminsMin else { return [] }
        let leaving = had.filter { !has.contains($0) }
        return [.lastAdmin(org: org, left: has, min: thresholds.adminsMin, leaving: leaving)]
    }

    private func removals(from org: String, _ removed: Int, of population: Int) -> [GuardBlock] {
        let isCounted = thresholds.isMemberShareDeclared || population >= thresholds.populationMin
        guard removed > 0, isCounted, removed * GuardThresholds.whole > population * thresholds.removedMembersShareMax else {
            return []
        }
        return [
            .removedMembers(
                org: org, removed: removed, population: population, shareMax: thresholds.removedMembersShareMax)
        ]
    }
}
