import Crypto
import Foundation
import TestKit

/// A certificate with its key, and the authority that signed it; PEM files made by the `openssl` command.
struct TestIdentity: Sendable {
    let certificate: String
    let key: String
    let authority: String

    struct Failure: Error {
        let command: String
        let output: String
    }

    /// For `localhost` and 127.0.0.1.
    static let local = Result { try TestIdentity(subjectAltName: "DNS:localhost,IP:127.0.0.1", days: 2) }
    /// For another host, by another authority.
    static let foreign = Result { try TestIdentity(subjectAltName: "DNS:elsewhere.test", days: 2) }

    /// A client's.
    static let client = Result { try TestIdentity(subjectAltName: "DNS:client.test", days: 2) }

    /// Good until yesterday.
    static let expired = Result { try TestIdentity(subjectAltName: "DNS:localhost,IP:127.0.0.1", days: -1) }

    /// Its own authority.
    static let selfSigned = Result { try TestIdentity(selfSignedFor: "DNS:localhost,IP:127.0.0.1") }

    var files: TLSIdentityFiles { TLSIdentityFiles(certificate: certificate, key: key) }

    init(subjectAltName: String, days: Int) throws {
        let folder = FileManager.default.temporaryDirectory.path + "/charter-tls-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        authority = folder + "/authority.pem"
        certificate = folder + "/certificate.pem"
        key = folder + "/key.pem"
        let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        try Self.run(["req", "-x509"] + newKey + [
            "-keyout", folder + "/authority.key", "-out", authority, "-days", "2", "-subj", "/CN=Test Authority",
            "-addext", "keyUsage=critical,keyCertSign",
        ])
        try Self.run(["req"] + newKey + ["-keyout", key, "-out", folder + "/request.pem", "-subj", "/CN=test"])
        try "subjectAltName=\(subjectAltName)\n".write(toFile: folder + "/names", atomically: true, encoding: .utf8)
        try Self.run([
            "x509", "-req", "-in", folder + "/request.pem", "-CA", authority, "-CAkey", folder + "/authority.key",
            "-CAcreateserial", "-days", "\(days)", "-extfile", folder + "/names", "-out", certificate,
        ])
    }

    private init(selfSignedFor subjectAltName: String) throws {
        let folder = FileManager.default.temporaryDirectory.path + "/charter-tls-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        certificate = folder + "/certificate.pem"
        authority = certificate
        key = folder + "/key.pem"
        try Self.run([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", certificate,
            "-days", "2", "-subj", "/CN=test", "-addext", "subjectAltName=\(subjectAltName)",
        ])
    }

    private static func run(_ arguments: [String]) throws {
        let outcome = try Subprocess.run(["openssl"] + arguments)
        guard outcome.code == 0 else {
            throw Failure(command: arguments.joined(separator: " "), output: outcome.errors)
        }
    }
}
