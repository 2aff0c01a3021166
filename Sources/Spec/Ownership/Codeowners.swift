/// The rules of `charter.yaml` about owners as a CODEOWNERS file of GitHub, GitLab or Gitea.
///
/// Both say of several rules that the last one holds, so the order is kept. What may stand at a path and who may sign are
/// not known there and are remarks.
package struct Codeowners: Sendable {
    /// The file; to be used only when there are no problems.
    package private(set) var text: String
    /// Owners who cannot be named at the Git host.
    package private(set) var problems: [Diagnostic] = []

    /// Of declarations without errors.
    package init(_ declarations: Declarations) {
        text = "# Written by `charter codeowners` from the owners in charter.yaml; change them there.\n"
        guard let ownership = Ownership(declarations.resources) else { return }
        let handles = Handles(declarations.resources)
        for index in ownership.rules.indices { add(index, ownership, handles) }
    }

    private mutating func add(_ index: Int, _ ownership: Ownership, _ handles: Handles) {
        let rule = ownership.rules[index]
        var names: [String] = []
        for (position, name) in rule.by.enumerated() {
            let found = ownership.member(name, in: index).flatMap { handles.handles(of: $0) } ?? []
            if found.isEmpty { refuse(name, at: ownership.place(index, "by/\(position)")) }
            for handle in found where !names.contains(handle) { names.append(handle) }
        }
        text += "\n"
        if !rule.kinds.isEmpty {
            text += "# only \(rule.kinds.map(\.rawValue).joined(separator: ", ")); `charter validate` keeps this\n"
        }
        if !rule.signers.isEmpty {
            text += "# signed by \(rule.signers.joined(separator: ", ")); checked when it is applied\n"
        }
        for (position, path) in rule.paths.enumerated() {
            if path.mayNameFolder { refuse(path, at: ownership.place(index, "paths/\(position)")) }
            text += ([path.codeowners] + names).joined(separator: " ") + "\n"
        }
    }

    private mutating func refuse(_ name: String, at place: Place?) {
        problems.append(
            Diagnostic(
                .handleMissing, at: place, length: name.unicodeScalars.count,
                "`\(name)` has neither a handle nor an email address, so no line can name them",
                hint: "give the Member a `handle`, such as `@acme/leads`"))
    }

    private mutating func refuse(_ path: PathPattern, at place: Place?) {
        problems.append(
            Diagnostic(
                .pathNotExpressible, at: place, length: path.text.unicodeScalars.count,
                "`\(path.text)` would name folders too, with all that is in them",
                hint: "end it in `/**`, `/*` or `.yaml`"))
    }
}

extension PathPattern {
    /// Whether the pattern is for files here, and would be for a folder of that name there.
    var mayNameFolder: Bool {
        guard let last = segments.last else { return false }
        return last != "**" && last != "*" && !last.hasSuffix(".yaml") && !last.hasSuffix(".yml")
    }

    /// In the grammar of .gitignore, from the root: a folder and all in it ends in `/`.
    var codeowners: String {
        if segments.allSatisfy({ $0 == "**" }) { return "*" }
        guard segments.last == "**" else { return "/" + text }
        return "/" + segments.dropLast().joined(separator: "/") + "/"
    }
}

/// How Members are called at the Git host.
private struct Handles {
    private let members: [ResourceKey: Member]

    init(_ resources: [ResourceKey: Resource]) {
        members = resources.compactMapValues { resource in
            if case .member(let member) = resource.body { member } else { nil }
        }
    }

    /// The Member's own handle or address, or for a group without one those of all in it; nil when one has neither.
    func handles(of key: ResourceKey) -> [String]? {
        var found: [String] = []
        var seen: Set<ResourceKey> = []
        var waiting = [key]
        while let next = waiting.popLast() {
            guard seen.insert(next).inserted, let member = members[next] else { continue }
            if let name = member.handle ?? (member.sort == .group ? nil : member.email) {
                found.append(name)
            } else if member.sort == .group, !member.members.isEmpty {
                waiting += member.members.reversed().map { ResourceKey(org: next.org, kind: .member, name: $0) }
            } else {
                return nil
            }
        }
        return found
    }
}
