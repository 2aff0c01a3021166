/// The name of a branch, in the narrow grammar that is safe in a reference and a refspec.
package struct BranchName: Hashable, Sendable, CustomStringConvertible {
    package let name: String

    /// Nil unless `name` is letters, digits and `._/-`, without a leading `-`, `.` or `/`, without `..`, `//` or a trailing `/` or `.lock`.
    package init?(_ name: String) {
        let allowed = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "/"), UInt8(ascii: "-"): true
            default: false
            }
        }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        let sound = parts.allSatisfy {
            !$0.isEmpty && !$0.hasPrefix(".") && !$0.hasPrefix("-") && !$0.hasSuffix(".lock") && !$0.hasSuffix(".")
        }
        guard allowed, sound, !name.contains(".."), name.utf8.count <= 200 else { return nil }
        self.name = name
    }

    package var reference: String { "refs/heads/\(name)" }

    /// References beside which Git can make no branch of this name, as it keeps `a` and `a/b` in one place.
    var referencesAbove: [String] {
        let parts = name.split(separator: "/")
        return (1..<max(parts.count, 1)).map { "refs/heads/" + parts.prefix($0).joined(separator: "/") }
    }

    /// Why it cannot be made beside a reference above it, a clause.
    func problem(beside reference: String) -> String { "no branch \(name) can be made beside \(reference), of which Git would have it be a part" }
    package var description: String { name }
}
