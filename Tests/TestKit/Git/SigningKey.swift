/// A key pair of OpenSSH in a folder of its own, made and used by `ssh-keygen`.
package final class SigningKey: Sendable {
    private let folder: TemporaryDirectory

    /// Of the private key.
    package var path: String { folder.path + "/key" }

    /// `type` and `bits` are what `ssh-keygen` takes.
    package init(_ type: String = "ed25519", bits: Int? = nil) throws {
        folder = try TemporaryDirectory()
        try Self.keygen(["-q", "-N", "", "-C", "a comment", "-t", type, "-f", path] + (bits.map { ["-b", "\($0)"] } ?? []))
    }

    /// The line of the `.pub` file: algorithm, Base64 and comment.
    package var publicLine: String { folder.read("key.pub").split(separator: "\n").first.map(String.init) ?? "" }

    /// As `ssh-keygen -l` prints it.
    package var fingerprint: String {
        get throws { try Self.keygen(["-l", "-f", path + ".pub"]).split(separator: " ").map(String.init)[1] }
    }

    /// The armored signature over a text.
    package func sign(_ text: String, namespace: String = "git", hash: String = "sha512") throws -> [UInt8] {
        let file = try folder.write(text, to: "text")
        try Self.keygen(["-Y", "sign", "-q", "-f", path, "-n", namespace, "-O", "hashalg=\(hash)", file])
        defer { _ = try? Subprocess.run(["rm", "-f", file + ".sig"]) }
        return Array(folder.read("text.sig").utf8)
    }

    @discardableResult
    private static func keygen(_ arguments: [String]) throws -> String {
        let outcome = try Subprocess.run(["ssh-keygen"] + arguments)
        guard outcome.code == 0 else { throw KeygenFailure(description: outcome.errors) }
        return outcome.output
    }

    private struct KeygenFailure: Error, CustomStringConvertible { let description: String }
}
