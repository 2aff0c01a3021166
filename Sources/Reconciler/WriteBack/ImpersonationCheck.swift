internal import Spec

/// Whom a change would let somebody be taken for: what no role shows, since it is about the proofs that open an account; a value.
struct ImpersonationCheck {
    let caller: ResourceKey
    let before: [ResourceKey: Resource]
    let after: [ResourceKey: Resource]

    /// A clause on the first resource by which somebody else than the caller could be spoken for; nil where there is none.
    var finding: String? {
        for key in after.keys.sorted() {
            guard let new = after[key], new.canonical != before[key]?.canonical else { continue }
            if let found = finding(in: new, was: before[key]) { return found }
        }
        return nil
    }

    private func finding(in new: Resource, was old: Resource?) -> String? {
        switch (new.body, old?.body) {
        case (.member(let member), let body):
            var was: Member?
            if case .member(let member)? = body { was = member }
            let isSame = member.externalID == was?.externalID && member.externalGroup == was?.externalGroup
            return isSame || (member.externalID == nil && member.externalGroup == nil) ? nil : "\(new.key.member) would be known by other tokens"
        case (.organization(let organization), let body):
            var was: Organization?
            if case .organization(let organization)? = body { was = organization }
            return organization.signIn == nil || organization.signIn == was?.signIn ? nil : "\(new.key.name) would take other tokens"
        case (.scope(let scope), let body):
            var was: Set<Permission> = []
            if case .scope(let scope)? = body { was = Set(scope.permissions) }
            return Set(scope.permissions).subtracting(was).map(\.rawValue).min().map { "keys with the scope \(new.key.name) would gain \($0)" }
        case (.apiKey(let key), let body):
            var was: APIKey?
            if case .apiKey(let key)? = body { was = key }
            let isSame = (key.owner, key.scopes, key.secrets) == (was?.owner, was?.scopes ?? [], was?.secrets ?? [])
            let isOwn = new.key.org == caller.org && key.owner == caller.name
            guard !isSame, !isOwn, key.scopes.contains(where: { mayCarryPermissions($0, in: new.key.org) }) else { return nil }
            return "who has the key \(new.key.name) would speak for \(ResourceKey(org: new.key.org, kind: .member, name: key.owner).member)"
        default: return nil
        }
    }

    /// Another unit may declare the scope, so one that is not here may.
    private func mayCarryPermissions(_ name: String, in org: String?) -> Bool {
        let shelves = [ResourceKey(org: org, kind: .scope, name: name), ResourceKey(org: nil, kind: .scope, name: name)]
        guard let found = shelves.lazy.compactMap({ after[$0] }).first, case .scope(let scope) = found.body else { return true }
        return !scope.permissions.isEmpty
    }
}
