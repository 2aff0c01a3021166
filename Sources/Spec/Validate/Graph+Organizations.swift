extension Graph {
    /// Every folder under `orgs/` needs a name and an Organization; reported once for each, at its first document.
    func organizations() -> [Diagnostic] {
        var seen: Set<String> = []
        var found: [Diagnostic] = []
        for file in files {
            guard case .organization(let org) = Folder(of: file.path), seen.insert(org).inserted else { continue }
            let extent = file.documents.first?.nameExtent ?? .start
            let place = Place(path: file.path, position: extent.position)
            if !Names.isResourceName(org) {
                found.append(
                    Diagnostic(
                        .folderNameInvalid, at: place, length: extent.length,
                        "the folder `orgs/\(org)` has no valid name for an organization", hint: Names.hint))
            } else if declared[ResourceKey(org: org, kind: .organization, name: org)] == nil, isKnownMissing(in: org) {
                found.append(
                    Diagnostic(
                        .organizationMissing, at: place, length: extent.length,
                        "the folder `orgs/\(org)` has no Organization",
                        hint: "add a file such as `orgs/\(org)/org.yaml` with `kind: Organization` and `name: \(org)`"))
            }
        }
        return found
    }

    /// False where an Organization is there under a wrong name, or may be in what could not be read.
    private func isKnownMissing(in org: String) -> Bool {
        !incomplete.contains(.organization(org))
            && !declared.keys.contains { $0.org == org && $0.kind == .organization }
    }
}
