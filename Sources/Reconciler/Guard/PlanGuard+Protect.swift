internal import Spec

extension PlanGuard {
    /// What rules of `protect` ask an approval for, each resource once.
    func protected(_ sides: StateSides, _ policy: (rules: Repository, spans: Spans)) throws -> [GuardBlock] {
        guard !policy.rules.protect.isEmpty else { return [] }
        let touched = try sides.plan.changes.compactMap { change -> ProtectedChange? in
            guard let before = try sides.before(change) else { return nil }
            let after = change.isDeletion ? nil : sides.desired.resources[change.key]
            for (index, rule) in policy.rules.protect.enumerated() {
                guard let act = rule.objection(from: before, to: after) else { continue }
                let place = policy.spans["/spec/protect/\(index)"]
                return ProtectedChange(resource: before.key, act: act, rule: place)
            }
            return nil
        }
        return touched.isEmpty ? [] : [.protected(touched)]
    }
}

extension Repository.Protection {
    /// What the rule has against the change; nil when nothing.
    ///
    /// A resource that is changed so that the rule would no longer hold for it could be deleted by the next commit, so
    /// that needs the same approval as deleting it.
    func objection(from before: Resource, to after: Resource?) -> ProtectedChange.Act? {
        guard matches(before) else { return nil }
        guard let after else { return against.contains(.delete) ? .deleted : nil }
        if against.contains(.change) { return .changed }
        return matches(after) ? nil : .released
    }

    func matches(_ resource: Resource) -> Bool {
        (kinds.isEmpty || kinds.contains(resource.key.kind))
            && (names.isEmpty || names.contains { Self.matches($0, resource.key.name) })
            && labels.allSatisfy { resource.metadata.labels[$0.key] == $0.value }
    }

    /// `*` stands for any run of characters.
    private static func matches(_ pattern: String, _ name: String) -> Bool {
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
        guard let first = parts.first, let last = parts.last, parts.count > 1 else { return pattern == name }
        guard name.hasPrefix(first), name.hasSuffix(last), name.utf8.count >= first.utf8.count + last.utf8.count else {
            return false
        }
        var rest = name.dropFirst(first.count).dropLast(last.count)[...]
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let found = rest.firstRange(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        return true
    }
}
