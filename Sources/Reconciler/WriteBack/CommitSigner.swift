internal import Crypto

/// Signs commits with a key file of the reconciler, which is read anew each time so that it may be replaced.
struct CommitSigner {
    let file: String

    /// What Git signs commits for (ssh-keygen(1), `-n`).
    private static let namespace = "git"

    func sign(_ object: [UInt8]) throws(ChangeRefusal) -> String {
        let text: String
        do { text = try SmallFile.text(file, bytesMax: IdentityFile.bytesMax) } catch {
            throw .postponed("nothing can be signed: \(error)")
        }
        do { return try SSHSigningKey(text).sign(object, namespace: Self.namespace) } catch {
            throw .postponed("nothing can be signed with \(file): \(error)")
        }
    }
}
