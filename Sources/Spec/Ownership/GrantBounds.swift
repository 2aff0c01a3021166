/// What gives more power than the owners of its path have: whoever may write there would gain rights that are not theirs, or could be
/// taken for somebody who has them.
///
/// A rule of `charter.yaml` without owners bounds nothing. What the owners may write themselves counts as theirs, but for the rights
/// of a system administrator, which are over other organizations too: those must come from elsewhere, or from the rule that governs
/// `charter.yaml` itself. What an owner has in a project alone is given there alone, but where the owners could give it to themselves
/// everywhere: in a document that they write, or by the rules of `charter.yaml`.
struct GrantBounds {
    private(set) var diagnostics: [Diagnostic] = []
    private var grants: GrantReach
    private let ownership: Ownership
    private var held: [Int: Held] = [:]

    /// What the owners of a rule have together.
    private struct Held {
        var rights = GrantedRights()
        /// Whether they may make administrators of the platform.
        var isOfPlatform = false
        /// Whether an owner could not be found, which is said elsewhere.
        var isUnknown = false
    }

    init?(_ graph: Graph) {
        guard let ownership = Ownership(graph.readable), ownership.rules.contains(where: { !$0.by.isEmpty }) else { return nil }
        self.ownership = ownership
        grants = GrantReach(graph)
        for (_, declared) in graph.inOrder {
            guard let resource = declared.document.resource else { continue }
            let given = grants.given(by: resource)
            guard !given.isEmpty, let rule = ownership.rule(for: declared.path), !ownership.rules[rule].by.isEmpty else { continue }
            let held = held(by: rule, graph)
            guard !held.isUnknown else { continue }
            // One is enough to be looked at.
            if let found = given.lazy.compactMap({ Self.diagnostic($0, resource, held, ownership.place(rule, "by")) }).first {
                diagnostics.append(found)
            }
        }
    }

    private static func diagnostic(_ grant: Grant, _ resource: Resource, _ held: Held, _ owners: Place?) -> Diagnostic? {
        // What somebody holds in a project alone is given there alone.
        let inProject = grant.project.flatMap { held.rights.inProjects[$0] } ?? []
        let excess = grant.permissions.subtracting(held.rights.everywhere.permissions).subtracting(inProject)
        let message: String
        let hint: String
        if !excess.isEmpty {
            let names = Permission.allCases.filter(excess.contains).map { "`\($0.rawValue)`" }.joined(separator: ", ")
            let isHeldElsewhere = held.rights.inProjects.values.contains { !$0.isDisjoint(with: excess) }
            let reach = isHeldElsewhere ? grant.project.map { " in the project `\($0.name)`" } ?? " in the whole organization" : ""
            message = "none of the owners of this path has \(names)\(reach)\(grant.effect.clause)"
            hint = grant.effect == .gives ? "give fewer rights, or let somebody who has these own the path" : "let somebody who has these own the path"
        } else if grant.isOfPlatform, !held.isOfPlatform {
            message = "the owners of this path cannot make administrators of the platform\(grant.effect.clause)"
            hint = "give `\(Role.systemAdmin)` where the owners of charter.yaml, or one who has it from them, may write"
        } else {
            return nil
        }
        return Diagnostic(
            .grantAboveOwners, at: resource.spans["/spec/\(grant.field)"] ?? resource.place, length: grant.field.count, message, hint: hint,
            related: owners.map { [($0, "the owners of this path")] } ?? [])
    }

    private mutating func held(by rule: Int, _ graph: Graph) -> Held {
        if let known = held[rule] { return known }
        let isOfRules = ownership.rule(for: SourceFile.rulesPath) == rule
        var found = Held(isOfPlatform: isOfRules)
        for name in ownership.rules[rule].by {
            guard let key = ownership.member(name, in: rule), graph.resources[key] != nil else {
                found.isUnknown = true
                continue
            }
            func isOwn(_ key: ResourceKey) -> Bool { graph.declared[key].map { ownership.rule(for: $0.path) == rule } ?? false }
            for holder in grants.everybody(in: key, writing: isOwn) {
                let rights = grants.declaredRights(of: holder)
                found.rights.formUnion(isOfRules || isOwn(holder) ? rights.widened : rights)
                if rights.everywhere.isOfPlatform, !isOwn(holder) { found.isOfPlatform = true }
            }
        }
        held[rule] = found
        return found
    }
}

extension Grant.Effect {
    /// What follows the rights in the message.
    fileprivate var clause: String {
        switch self {
        case .gives: ""
        case .speaks(let whom): ", and who writes here can speak for \(whom)"
        case .opens(let groups): ", and who writes here says who is in \(groups)"
        }
    }
}
