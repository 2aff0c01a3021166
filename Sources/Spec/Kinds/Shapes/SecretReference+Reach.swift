/// Whose secrets a declaration may name, when what it names is sent to an address of its choosing.
///
/// An organization has files alone: names of variables have no mark that ends a prefix, so `ACME_` would be a part of what
/// `acme-prod` has, while a folder's name ends where it ends.
package enum SecretReach {
    /// In which each organization has a folder.
    package static let folder = "/run/secrets"

    /// How the names of Charter's own variables begin, and of those that lead to its database.
    private static let ownPrefixes = ["CHARTER_", "PG"]

    /// The folder of an organization's secrets, with a final slash.
    package static func home(of org: String, in folder: String = folder) -> String { "\(folder)/\(org)/" }

    /// Why a reference is not read for an organization, or for the platform where that is nil; nil where it may be. Where links
    /// lead is only seen where the file is.
    package static func objection(to reference: SecretReference, of org: String?, folder: String = folder) -> String? {
        switch reference {
        case .environment(let name):
            if ownPrefixes.contains(where: name.hasPrefix) { return "`\(name)` is a variable of Charter's own" }
            return org.map { "`\(name)` is a variable, which the platform alone may name: secrets of `\($0)` are files below `\(home(of: $0, in: folder))`" }
        case .file(let path):
            guard let org, !isInside(path, home(of: org, in: folder)) else { return nil }
            return "`\(path)` is not a file of `\(org)`: those lie below `\(home(of: org, in: folder))`"
        }
    }

    /// Byte by byte, as the file's system reads it: to Swift other bytes may be the same text.
    private static func isInside(_ path: String, _ home: String) -> Bool {
        path.utf8.starts(with: home.utf8)
            && path.utf8.split(separator: UInt8(ascii: "/")).allSatisfy { !$0.elementsEqual("..".utf8) }
    }
}

extension Fields {
    /// Warns of a secret that nobody would read.
    func checkReach(of reference: SecretReference?, in name: String) {
        guard let reference, let objection = SecretReach.objection(to: reference, of: organization) else { return }
        report(.secretOutOfReach, at: extent(of: name), objection + ", so nothing is sent")
    }

    /// The organization in whose folder the document stands; nil for the platform's, and for one of no file.
    var organization: String? { reading.path.flatMap { Folder(of: $0).organization } }
}
