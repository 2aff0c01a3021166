extension Graph {
    /// Members in whose name drift is to be declared, and who can ask for nothing.
    func adopters() -> [Diagnostic] {
        readable.values.compactMap { resource in
            guard case .repository(let rules) = resource.body, let name = rules.adoptAs else { return nil }
            return adopter(name, at: resource.spans["/spec/adoptAs"] ?? resource.place)
        }
    }

    private func adopter(_ name: String, at place: Place?) -> Diagnostic? {
        guard let key = ResourceKey(member: name), let org = key.org else { return nil }
        if case .member(let member) = readable[key]?.body, member.sort == .group {
            return Diagnostic(
                .adopterUnknown, ofValueAt: place, "`\(name)` is a group, in whose name nothing is asked for",
                hint: "name one Member, best of `type: service`")
        }
        guard declared[key] == nil, !incomplete.contains(.organization(org)) else { return nil }
        let names = declared.keys.filter { $0.org == org && $0.kind == .member }.map(\.name).sorted()
        return Diagnostic(
            .adopterUnknown, ofValueAt: place, "there is no Member `\(key.name)` in \(org), so what is asked for in that name is refused",
            hint: Suggestion.hint(for: key.name, among: names))
    }
}
