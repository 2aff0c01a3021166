internal import Glibc
internal import Spec

/// Reads what declarations name and never hold, from this process's environment and files.
struct SecretReading {
    /// The organization that declares the reference; nil for the platform, which may name anything but Charter's own.
    var org: String?
    /// In which each organization has a folder.
    var folder = SecretReach.folder

    /// The text with where it was found, for messages.
    func read(_ reference: SecretReference) throws(SecretProblem) -> (text: String, origin: String) {
        try check(reference)
        switch reference {
        case .environment(let name):
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
    private func check(_ reference: SecretReference) throws(SecretProblem) {
        if let objection = SecretReach.objection(to: reference, of: org, folder: folder) { throw SecretProblem(objection) }
    }

    /// Links are followed, so that none leads out of an organization's folder.
    private func checked(_ path: String) throws(SecretProblem) -> String {
        guard let org else { return path }
        guard let real = realpath(path, nil) else { throw SecretProblem("the file \(path) is not there") }
        defer { free(real) }
        guard String(cString: real).hasPrefix("\(folder)/\(org)/") else {
            throw SecretProblem("the file \(path) leads out of \(folder)/\(org)/")
        }
        return path
    }

    /// Longer than any token.
    private static let bytesMax = 16 << 10
}

extension Substring {
    fileprivate var trimmed: String {
        String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}
