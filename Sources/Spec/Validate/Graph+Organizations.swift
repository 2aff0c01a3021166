extension Graph {
    /// Every folder under `orgs/` needs a name and an Organization; reported once for each, at its first document.
    func organizations() -> [Diagnostic] {
        var seen: Set<String> = []
        // Under whatever name: a wrong one has been reported.
        let named = Set(declared.keys.filter { $0.kind == .organization }.map(\.org))
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
            } else if !named.contains(org), !incomplete.contains(.organization(org)) {
                found.append(
                    Diagnostic(
                        .organizationMissing, at: place, length: extent.length,
                        "the folder `orgs/\(org)` has no Organization",
                        hint: "add a file such as `orgs/\(org)/org.yaml` with `kind: Organization` and `name: \(org)`"))
            }
        }
        return found
    }
}
