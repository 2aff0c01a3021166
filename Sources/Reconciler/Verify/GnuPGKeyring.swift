internal import Crypto
internal import FoundationEssentials
internal import Glibc
internal import Spec

/// A GNUPGHOME of our own with the keys of the declared signers and no other; removed with the value.
final class GnuPGKeyring {
    private let gnupg: GnuPG
    private let home: String
    /// By the fingerprint of a primary key.
    private var names: [String: [String]] = [:]

    /// Imports each signer's key alone, so that it is known whose it is.
    init(_ gnupg: GnuPG, of signers: [Repository.Signer], heartbeat: () throws -> Void) throws(GnuPGProblem) {
        self.gnupg = gnupg
        var template = Array("/tmp/charter-gpg-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw GnuPGProblem("no folder for its keys can be made") }
        home = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        for signer in signers {
            guard case .openPGP(let key) = signer.identity, let bytes = Base64Text.bytes(Array(key.base64.utf8)) else { continue }
            let file = try write(bytes, to: "key")
            for fingerprint in GnuPGReport.imported(try gnupg.run(["--import", file], home: home, heartbeat: heartbeat)) {
                names[fingerprint, default: []].append(signer.name)
            }
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: home) }

    func signers(of fingerprint: String) -> [String] { names[fingerprint] ?? [] }

    func check(
        _ signature: [UInt8], over payload: [UInt8], heartbeat: () throws -> Void
    ) throws(GnuPGProblem) -> GnuPGReport {
        let files = (try write(signature, to: "signature"), try write(payload, to: "payload"))
        return GnuPGReport(try gnupg.run(["--verify", files.0, files.1], home: home, heartbeat: heartbeat))
    }

    private func write(_ bytes: [UInt8], to name: String) throws(GnuPGProblem) -> String {
        let path = "\(home)/charter-\(name)"
        do { try Data(bytes).write(to: URL(filePath: path)) } catch { throw GnuPGProblem("\(path) cannot be written") }
        return path
    }
}
