internal import Glibc
internal import Spec

/// Reads what declarations name and never hold, from this process's environment and files.
struct SecretReading {
    /// The organization that declares the reference; nil for the platform, which may name anything but Charter's own and what is
    /// another unit's organization's.
    var org: String?
    /// The unit that declares the reference.
    var unit = ""
    /// The units that declare the organizations whose files are named.
    var owners: [String: String] = [:]
    /// In which each organization has a folder.
    var folder = SecretReach.folder

    /// The text with where it was found, for messages.
    func read(_ reference: SecretReference) throws(SecretProblem) -> (text: String, origin: String) {
        // Nobody may have Charter's own secrets sent to an address of his, and no organization those of another.
        if let objection = SecretReach.objection(to: reference, of: org, folder: folder) { throw SecretProblem(objection) }
        switch reference {
        case .environment(let name):
            guard let value = getenv(name) else { throw SecretProblem("the environment variable \(name) is not set") }
            return (String(cString: value), "the environment variable \(name)")
        case .file(let path):
            let text: String
            let real = try checked(path)
            do throws(SystemError) { text = try SmallFile.text(real, bytesMax: Self.bytesMax) } catch {
                throw SecretProblem("the file \(path) cannot be read: \(SystemError.text(of: error.code))")
            }
            return (text, "the file \(path)")
        }
    }

    /// One line of visible characters, as a header holds it.
    func token(_ reference: SecretReference) throws(SecretProblem) -> String {
        let (text, origin) = try read(reference)
        let words = text.split(whereSeparator: \.isNewline)
        let token = words.first.map { $0.trimmed } ?? ""
        guard words.count == 1, !token.isEmpty, token.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw SecretProblem("\(origin) does not hold one line of visible characters")
        }
        return token
    }

    /// Where links lead: out of no organization's folder, and into none that another unit declares.
    private func checked(_ path: String) throws(SecretProblem) -> String {
        let home = Self.organization(of: path, in: folder)
        if let org, home != org {
            throw SecretProblem(
                "the file \(path) " + (Self.real(path) == nil ? "is not there" : "leads out of \(SecretReach.home(of: org, in: folder))"))
        }
        if org == nil, let home, let owner = owners[home], owner != unit {
            throw SecretProblem("the file \(path) is of the organization \(home), which the unit \(owner) declares")
        }
        return Self.real(path) ?? path
    }

    /// The organization in whose folder a file really lies; nil for one that lies in none, or is not there.
    static func organization(of path: String, in folder: String) -> String? {
        guard let root = real(folder), let file = real(path), file.utf8.starts(with: "\(root)/".utf8) else { return nil }
        let parts = file.utf8.dropFirst(root.utf8.count).split(separator: UInt8(ascii: "/"))
        return parts.count > 1 ? String(Substring(parts[0])) : nil
    }

    private static func real(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    /// Longer than any token.
    private static let bytesMax = 16 << 10
}

extension Substring {
    fileprivate var trimmed: String {
        String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}
