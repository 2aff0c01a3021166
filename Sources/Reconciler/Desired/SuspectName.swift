internal import Spec

/// Names of files and folders that some system takes for others than they are.
enum SuspectName {
    /// Whether it is `.git`, or would be on a disk of macOS or Windows (is_hfs_dotgit and is_ntfs_dotgit of Git).
    static func isGitFolder(_ name: String) -> Bool {
        if [".", ".."].contains(name) { return true }
        let seen = String(String.UnicodeScalarView(name.unicodeScalars.filter { !isIgnored($0) })).lowercased()
        let plain = seen.prefix { $0 != ":" }.reversed().drop { $0 == " " || $0 == "." }.reversed()
        return [".git", "git~1"].contains(String(plain))
    }

    /// What HFS+ leaves out when it compares names.
    private static func isIgnored(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x200C...0x200F, 0x202A...0x202E, 0x206A...0x206F, 0xFEFF: true
        default: false
        }
    }

    static let gitFolderReason = "its name is that of Git's own folder, or is taken for it by some systems"

    /// What is wrong with the name of a file that is read, or of a folder; nil for nothing.
    static func problem(_ name: String) -> String? {
        if isGitFolder(name) { return gitFolderReason }
        if name.utf8.contains(UInt8(ascii: "\\")) { return "its name has a backslash, which some systems take for a folder's end" }
        return Lookalikes.firstPretender(inName: name).map { "in its name \(Lookalikes.sentence(about: $0)); write the name in one script" }
    }
}

/// The names of one folder, kept as far as another may be taken for them.
struct FoldedNames {
    /// By what is left when case, script and the composition of letters are; texts are equal in Swift however they are composed.
    private var seen: [String: String] = [:]

    /// Whether a name can be taken for another at all: most are of small letters, and cost nothing.
    static func isSuspect(_ bytes: some Sequence<UInt8>) -> Bool {
        bytes.contains { $0 >= 0x80 || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    }

    /// Why a suspect name is refused; `isThere` tells whether the folder has a name of small letters.
    mutating func problem(_ name: String, isThere: (String) -> Bool) -> String? {
        let lowered = name.lowercased()
        let folded = Lookalikes.asRead(lowered)
        if let other = seen.updateValue(name, forKey: folded) { return Self.reason(name, other) }
        let isPlain = folded.utf8.allSatisfy { $0 < 0x80 } && (folded != lowered || folded.utf8.count == name.utf8.count)
        return isPlain && isThere(folded) ? Self.reason(name, folded) : nil
    }

    private static func reason(_ name: String, _ other: String) -> String {
        name.lowercased() == other.lowercased()
            ? "some systems take its name for `\(other)`, which differs by case or by how letters are composed; rename one"
            : "it is read as `\(other)`, which has letters of another script; rename one"
    }
}
