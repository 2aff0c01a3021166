/// Whose secrets a declaration may name, when what it names is sent to an address of its choosing.
package enum SecretReach {
    /// In which each organization has a folder.
    package static let folder = "/run/secrets"

    /// How the names of Charter's own variables begin, and of those that lead to its database.
    private static let ownPrefixes = ["CHARTER_", "PG"]

    /// How the names of an organization's variables begin: `ACME_` for `acme`.
    package static func prefix(of org: String) -> String {
        org.uppercased().map { $0.isLetter || $0.isNumber ? String($0) : "_" }.joined() + "_"
    }

    /// Why a reference is not read for an organization, or for the platform where that is nil; nil where it may be. Where links
    /// lead is only seen where the file is.
    package static func objection(to reference: SecretReference, of org: String?, folder: String = folder) -> String? {
        switch reference {
        case .environment(let name):
            if ownPrefixes.contains(where: name.hasPrefix) { return "`\(name)` is a variable of Charter's own" }
            guard let org, !name.hasPrefix(prefix(of: org)) else { return nil }
            return "`\(name)` is not a variable of `\(org)`: their names begin with `\(prefix(of: org))`"
        case .file(let path):
            guard let org else { return nil }
            let own = "\(folder)/\(org)/"
            let leadsOut = path.split(separator: "/").contains("..")
            return path.hasPrefix(own) && !leadsOut ? nil : "`\(path)` is not a file of `\(org)`: those lie below `\(own)`"
        }
    }
}

extension Fields {
    /// Warns of a secret that nobody would read.
    func checkReach(of reference: SecretReference?, in name: String) {
        guard let reference, let path = reading.path,
            let objection = SecretReach.objection(to: reference, of: Folder(of: path).organization)
        else { return }
        report(.secretOutOfReach, at: extent(of: name), objection + ", so nothing is sent")
    }
}
