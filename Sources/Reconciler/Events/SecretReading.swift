internal import Glibc
internal import Spec

/// Reads what declarations name and never hold, from this process's environment and files.
struct SecretReading {
    /// The organization that declares the reference; nil for the platform, which may name anything but Charter's own.
    var org: String?
    /// In which each organization has a folder.
    var folder = SecretReading.standardFolder

    static let standardFolder = "/run/secrets"

    /// The text with where it was found, for messages.
    func read(_ reference: SecretReference) throws(SecretProblem) -> (text: String, origin: String) {
        switch reference {
        case .environment(let name):
            try check(variable: name)
            guard let value = getenv(name) else { throw SecretProblem("the environment variable \(name) is not set") }
            return (String(cString: value), "the environment variable \(name)")
        case .file(let path):
            let text: String
            let path = try checked(path)
            do throws(SystemError) { text = try SmallFile.text(path, bytesMax: Self.bytesMax) } catch {
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

    /// Nobody may have Charter's own secrets sent to an address of his, and no organization those of another.
    private func check(variable name: String) throws(SecretProblem) {
        guard !Self.ownPrefixes.contains(where: name.hasPrefix) else {
            throw SecretProblem("\(name) is a variable of Charter's own")
        }
        guard let org else { return }
        let prefix = Self.prefix(of: org)
        guard name.hasPrefix(prefix) else {
            throw SecretProblem("\(name) is not a variable of \(org): its names begin with \(prefix)")
        }
    }

    private func checked(_ path: String) throws(SecretProblem) -> String {
        guard let org else { return path }
        let own = "\(folder)/\(org)/"
        // Links are followed first, so that none leads out.
        guard let real = realpath(path, nil) else { throw SecretProblem("the file \(path) is not there") }
        defer { free(real) }
        guard String(cString: real).hasPrefix(own) else {
            throw SecretProblem("\(path) is not a file of \(org): those lie below \(own)")
        }
        return path
    }

    /// `ACME_` for `acme`.
    static func prefix(of org: String) -> String {
        org.uppercased().map { $0.isLetter || $0.isNumber ? String($0) : "_" }.joined() + "_"
    }

    private static let ownPrefixes = ["CHARTER_", "PG"]
    /// Longer than any token.
    private static let bytesMax = 16 << 10
}

extension Substring {
    fileprivate var trimmed: String {
        String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}
