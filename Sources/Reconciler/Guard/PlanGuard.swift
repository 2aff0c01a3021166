internal import Spec
internal import Store

/// Judges whether a plan may be applied without another word; it never changes the plan.
package struct PlanGuard: Sendable {
    package var thresholds = GuardThresholds()
    /// A person has said that the deletions are meant.
    package var allowsMassDeletion = false
    /// A person has said that the branch was rewritten on purpose.
    package var allowsRewrite = false
    /// The full id of a commit that a person answers for in place of its signatures.
    package var acceptedUnverified: String?

    package init() {}

    /// The reasons against applying `plan`, judged by the state applied last; empty when there are none.
    package func judge(_ plan: Plan, desired: DesiredState, applied: AppliedState) -> [GuardBlock] {
        if desired.fileCount == 0 && plan.population > 0 { return [.emptyRead(population: plan.population)] }
        var blocks = lastAdmins(desired: desired, applied: applied)
        if !allowsMassDeletion, let block = massDeletion(plan) { blocks.append(block) }
        if !allowsRewrite, let block = rewrite(plan, applied) { blocks.append(block) }
        return blocks
    }

    /// By the rules as applied, since a rewritten branch could bring any.
    private func rewrite(_ plan: Plan, _ applied: AppliedState) -> GuardBlock? {
        guard let movement = plan.movement, movement != .forward,
            (applied.policy?.rules ?? .standard).history == .forward
        else { return nil }
        let base = applied.revision?.vector[plan.unit] ?? ""
        return .rewritten(from: base, to: plan.tip.id.hex, movement)
    }

    private func massDeletion(_ plan: Plan) -> GuardBlock? {
        let deleted = plan.tally.deleted
        guard deleted > 0 else { return nil }
        let isEverything = deleted == plan.population
        let isMany =
            plan.population >= thresholds.populationMin
            && deleted * 100 > plan.population * thresholds.deletedPercentMax
        guard isEverything || isMany else { return nil }
        return .massDeletion(deleted: deleted, population: plan.population, percentMax: thresholds.deletedPercentMax)
    }

    /// Organizations that stay and would lose their last member with the built-in role.
    private func lastAdmins(desired: DesiredState, applied: AppliedState) -> [GuardBlock] {
        let before = applied.applied.values.compactMap { row -> Resource? in
            row.key.kind == .member ? try? Resource.decode(key: row.key, canonical: row.canonical) : nil
        }
        let after = Set(desired.resources.values.filter(Self.isAdmin).compactMap(\.key.org))
        let staying = Set(desired.resources.keys.filter { $0.kind == .organization }.compactMap(\.org))
        let lost = Dictionary(grouping: before.filter(Self.isAdmin), by: { $0.key.org ?? "" })
            .filter { staying.contains($0.key) && !after.contains($0.key) }
        return lost.sorted { $0.key < $1.key }.map { org, admins in
            .lastAdmin(org: org, members: admins.map(\.key.name).sorted())
        }
    }

    private static func isAdmin(_ resource: Resource) -> Bool {
        guard case .member(let member) = resource.body else { return false }
        return member.roles.contains(Role.admin)
    }
}

extension Role {
    /// The built-in role without which nobody could govern an organization.
    fileprivate static let admin = "admin"
}
