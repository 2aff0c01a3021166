import Crypto
import TestKit

/// An authority of a test's own, and certificates that it signs; PEM files made by the `openssl` command.
final class TestAuthority: Sendable {
    private let folder: TemporaryDirectory
    /// The authority's own certificate.
    var file: String { folder.path + "/authority.pem" }

    struct Failure: Error {
        let output: String
    }

    init() throws {
        folder = try TemporaryDirectory()
        try Self.run(["req", "-x509"] + Self.newKey + [
            "-keyout", folder.path + "/authority.key", "-out", file, "-days", "2", "-subj", "/CN=Test Authority",
            "-addext", "keyUsage=critical,keyCertSign",
        ])
    }

    /// A certificate for `names`, such as `DNS:localhost`, good for so many days; for none when negative.
    func identity(_ names: String, days: Int = 2) throws -> TLSIdentityFiles {
        let stem = folder.path + "/" + SecureRandom.uuid()
        let (certificate, key) = (stem + ".pem", stem + ".key")
        try Self.run(["req"] + Self.newKey + ["-keyout", key, "-out", stem + ".csr", "-subj", "/CN=test"])
        _ = try folder.write("subjectAltName=\(names)\n", to: "names")
        try Self.run([
            "x509", "-req", "-in", stem + ".csr", "-CA", file, "-CAkey", folder.path + "/authority.key", "-CAcreateserial",
            "-days", "\(days)", "-extfile", folder.path + "/names", "-out", certificate,
        ])
        return TLSIdentityFiles(certificate: certificate, key: key)
    }

    private static let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]

    private static func run(_ arguments: [String]) throws {
        let outcome = try Subprocess.run(["openssl"] + arguments)
        guard outcome.code == 0 else { throw Failure(output: outcome.errors) }
    }
}
