import TestKit
import Testing

@testable import Crypto

struct SSHSignatureTests {
    static let kinds: [(String, Int?)] = [
        ("ed25519", nil), ("ecdsa", 256), ("ecdsa", 384), ("ecdsa", 521), ("rsa", 2048), ("rsa", 3072),
    ]
    static let text = "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n\nA message\n"

    @Test(arguments: kinds, ["sha256", "sha512"])
    func `verifies what ssh-keygen signs with every kind of key`(kind: (type: String, bits: Int?), hash: String) throws {
        let key = try SigningKey(kind.type, bits: kind.bits)
        let signature = try SSHSignature(armored: key.sign(Self.text, hash: hash))
        try signature.verify(Array(Self.text.utf8), namespace: "git")
        #expect(signature.hash.rawValue == hash)
        #expect(try signature.key.fingerprint == key.fingerprint)
        #expect(key.publicLine.contains(Base64Text.text(signature.key.blob)))
        #expect(throws: SSHProblem("it does not belong to this text")) {
            try signature.verify(Array((Self.text + ".").utf8), namespace: "git")
        }
    }

    @Test func `refuses a signature that was made for another purpose`() throws {
        let signature = try SSHSignature(armored: SigningKey().sign(Self.text, namespace: "file"))
        #expect(throws: SSHProblem("it was made for `file` and not for `git`")) {
            try signature.verify(Array(Self.text.utf8), namespace: "git")
        }
    }

    @Test func `refuses an RSA key that is too short`() throws {
        #expect(throws: SSHProblem("its RSA key has 1024 bits, which is not within 2048 to 16384")) {
            try SSHSignature(armored: SigningKey("rsa", bits: 1024).sign(Self.text))
        }
    }

    @Test(arguments: kinds) func `a changed bit anywhere makes it worthless`(kind: (type: String, bits: Int?)) throws {
        let blob = try Self.blob(of: SigningKey(kind.type, bits: kind.bits).sign(Self.text))
        for index in blob.indices {
            var changed = blob
            changed[index] ^= 1 << UInt8(index % 8)
            #expect(throws: SSHProblem.self, "at byte \(index)") {
                try SSHSignature(blob: changed).verify(Array(Self.text.utf8), namespace: "git")
            }
        }
    }

    @Test func `a signature cut anywhere is refused, and so is one with more behind it`() throws {
        let blob = try Self.blob(of: SigningKey("ecdsa", bits: 256).sign(Self.text))
        for count in blob.indices { #expect(throws: SSHProblem.self) { try SSHSignature(blob: Array(blob[..<count])) } }
        #expect(throws: SSHProblem("1 bytes follow its end")) { try SSHSignature(blob: blob + [0]) }
    }

    @Test func `bytes behind the signature proper are refused`() throws {
        var wire = Wire(key: Wire.string("ssh-ed25519") + Wire.string([UInt8](repeating: 1, count: 32)))
        wire.signature = Wire.string("ssh-ed25519") + Wire.string([UInt8](repeating: 1, count: 64)) + [0]
        #expect(throws: SSHProblem("1 bytes follow its end")) { try SSHSignature(blob: wire.blob) }
        wire.key += [7]
        #expect(throws: SSHProblem("1 bytes follow its end")) { try SSHSignature(blob: wire.blob) }
    }

    static let mistakes: [(String, @Sendable (inout Wire) -> Void)] = [
        ("it does not begin with SSHSIG", { $0.magic = "SSHSIX" }),
        ("it is of version 2, not 1", { $0.version = 2 }),
        ("it has no namespace", { $0.namespace = "" }),
        ("its reserved field is not empty", { $0.reserved = "x" }),
        ("its hash `sha1` is neither sha256 nor sha512", { $0.hash = "sha1" }),
        ("a name in it is not printable", { $0.namespace = "git\0" }),
        ("its key is of the kind `ssh-dss`, which is not known", { $0.key = Wire.string("ssh-dss") }),
        ("its key has 31 bytes, not 32", { $0.key = Wire.string("ssh-ed25519") + Wire.string([UInt8](repeating: 1, count: 31)) }),
        ("it ends too early", { $0.key = Wire.string("ssh-ed25519") + [0, 0, 1, 0] }),
        (
            "its key is of the curve `nistp384` and calls itself ecdsa-sha2-nistp256",
            { $0.key = Wire.string("ecdsa-sha2-nistp256") + Wire.string("nistp384") + Wire.string([4]) }
        ),
        (
            "a number in it has needless zeros",
            { $0.key = Wire.string("ssh-rsa") + Wire.string([0, 1]) + Wire.string([UInt8](repeating: 1, count: 256)) }
        ),
        (
            "a number in it is not above zero",
            { $0.key = Wire.string("ssh-rsa") + Wire.string([0x80]) + Wire.string([UInt8](repeating: 1, count: 256)) }
        ),
        (
            "its algorithm `ssh-rsa` is not one of its key, rsa-sha2-512 or rsa-sha2-256",
            {
                let modulus = [0] + [UInt8](repeating: 0x81, count: 256)
                $0.key = Wire.string("ssh-rsa") + Wire.string([1, 0, 1]) + Wire.string(modulus)
                $0.signature = Wire.string("ssh-rsa") + Wire.string([1])
            }
        ),
        (
            "its algorithm `ecdsa-sha2-nistp256` is not one of its key, ssh-ed25519",
            { $0.signature = Wire.string("ecdsa-sha2-nistp256") + Wire.string([1]) }
        ),
    ]

    @Test(arguments: mistakes.indices) func `says what is wrong with a signature`(index: Int) {
        let (reason, spoil) = Self.mistakes[index]
        var wire = Wire(key: Wire.string("ssh-ed25519") + Wire.string([UInt8](repeating: 1, count: 32)))
        wire.signature = Wire.string("ssh-ed25519") + Wire.string([UInt8](repeating: 1, count: 64))
        #expect(throws: Never.self) { try SSHSignature(blob: wire.blob) }
        spoil(&wire)
        #expect(throws: SSHProblem(reason)) { try SSHSignature(blob: wire.blob) }
    }

    @Test func `a point that is not on its curve is no key`() throws {
        let point: [UInt8] = [4] + [UInt8](repeating: 1, count: 64)
        var wire = Wire(key: Wire.string("ecdsa-sha2-nistp256") + Wire.string("nistp256") + Wire.string(point))
        wire.signature = Wire.string("ecdsa-sha2-nistp256") + Wire.string(Wire.string([1]) + Wire.string([1]))
        let signature = try SSHSignature(blob: wire.blob)
        #expect(throws: SSHProblem("its key is none")) { try signature.verify([1], namespace: "git") }
    }

    /// The key is made as a token would make it, and signs what a token would sign (PROTOCOL.u2f).
    @Test func `a security token's signature counts only when somebody touched it`() throws {
        let folder = try TemporaryDirectory()
        func openssl(_ words: String...) throws { #expect(try Subprocess.run(["openssl"] + words).code == 0) }
        try openssl("genpkey", "-algorithm", "ed25519", "-out", folder.path + "/key")
        try openssl("pkey", "-in", folder.path + "/key", "-pubout", "-outform", "DER", "-out", folder.path + "/public")
        let point = try Self.bytes(of: folder.path + "/public").suffix(32)
        let algorithm = "sk-ssh-ed25519@openssh.com"
        for (flags, isGood) in [(UInt8(0x01), true), (0x05, true), (0x00, false), (0x04, false)] {
            let message = MessageDigest.sha512.of(Array(Self.text.utf8))
            let inner =
                Array("SSHSIG".utf8) + Wire.string("git") + Wire.string("") + Wire.string("sha512") + Wire.string(message)
            let token: [UInt8] = [flags, 0, 0, 0, 9]
            let signed = MessageDigest.sha256.of(Array("ssh:".utf8)) + token + MessageDigest.sha256.of(inner)
            let hex = signed.map { "\\\\x" + String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
            #expect(try Subprocess.run(["bash", "-c", "printf '%b' \(hex) > \(folder.path)/text"]).code == 0)
            try openssl(
                "pkeyutl", "-sign", "-rawin", "-inkey", folder.path + "/key", "-in", folder.path + "/text", "-out",
                folder.path + "/signature")
            var wire = Wire(key: Wire.string(algorithm) + Wire.string(Array(point)) + Wire.string("ssh:"))
            wire.signature = Wire.string(algorithm) + Wire.string(try Self.bytes(of: folder.path + "/signature")) + token
            let signature = try SSHSignature(blob: wire.blob)
            if isGood {
                try signature.verify(Array(Self.text.utf8), namespace: "git")
            } else {
                #expect(throws: SSHProblem("nobody touched the security token")) {
                    try signature.verify(Array(Self.text.utf8), namespace: "git")
                }
            }
        }
    }

    private static func bytes(of file: String) throws -> [UInt8] {
        let hex = try Subprocess.run(["od", "-An", "-v", "-tx1", file]).output
        return hex.split(whereSeparator: \.isWhitespace).compactMap { UInt8($0, radix: 16) }
    }

    @Test func `armor is read strictly`() throws {
        let armored = String(decoding: try SigningKey().sign(Self.text), as: UTF8.self)
        let spoiled = [
            "", "\n" + armored, armored + "x", armored.replacing("BEGIN SSH", with: "BEGIN PGP"), armored + "\n",
            armored.replacing("\n", with: "\r\n"), armored.replacing("U1NI", with: "U1N!"),
            armored + String(repeating: "\n", count: SSHSignature.armoredBytesMax),
        ]
        for text in spoiled { #expect(throws: SSHProblem.self) { try SSHSignature(armored: Array(text.utf8)) } }
        #expect(throws: Never.self) { try SSHSignature(armored: Array(armored.utf8)) }
    }

    static func blob(of armored: [UInt8]) throws -> [UInt8] {
        let lines = armored.split(separator: UInt8(ascii: "\n")).dropFirst().dropLast()
        return try #require(Base64Text.bytes(Array(lines.joined())))
    }
}

/// A signature's bytes from its parts, each of which a test may spoil.
struct Wire {
    var magic = "SSHSIG"
    var version: UInt32 = 1
    var key: [UInt8]
    var namespace = "git"
    var reserved = ""
    var hash = "sha512"
    var signature: [UInt8] = []

    init(key: [UInt8]) { self.key = key }

    var blob: [UInt8] {
        Array(magic.utf8) + Self.number(version) + Self.string(key) + Self.string(namespace) + Self.string(reserved)
            + Self.string(hash) + Self.string(signature)
    }

    static func number(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian, Array.init) }
    static func string(_ bytes: [UInt8]) -> [UInt8] { number(UInt32(bytes.count)) + bytes }
    static func string(_ text: String) -> [UInt8] { string(Array(text.utf8)) }
}
