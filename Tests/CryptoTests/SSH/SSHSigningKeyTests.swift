import Crypto
import Foundation
import TestKit
import Testing

@Suite struct SSHSigningKeyTests {
    let pair: SigningKey
    let key: SSHSigningKey

    init() throws {
        pair = try SigningKey()
        key = try SSHSigningKey(String(contentsOfFile: pair.path, encoding: .utf8))
    }

    @Test func `ssh-keygen finds the signature good`() throws {
        let folder = try TemporaryDirectory()
        let allowed = try folder.write("sam \(pair.publicLine)\n", to: "allowed")
        let signature = try folder.write(key.sign(Array("a commit\n".utf8), namespace: "git"), to: "signature")
        func verify(_ text: String) throws -> Int32 {
            let file = try folder.write(text, to: "text")
            let command = "ssh-keygen -Y verify -f '\(allowed)' -I sam -n git -s '\(signature)' < '\(file)'"
            return try Subprocess.run(["sh", "-c", command]).code
        }
        #expect(try verify("a commit\n") == 0)
        #expect(try verify("another commit\n") != 0)
    }

    @Test func `the signature is the one that ssh-keygen makes`() throws {
        // Ed25519 has one signature for each text and key (RFC 8032).
        let ours = try key.sign(Array("text\n".utf8), namespace: "git")
        #expect(try pair.sign("text\n") == Array((ours + "\n").utf8))
    }

    @Test func `our own verification finds it good, for its text and purpose alone`() throws {
        let signature = try SSHSignature(armored: Array(key.sign([1, 2, 3], namespace: "git").utf8))
        try signature.verify([1, 2, 3], namespace: "git")
        #expect(throws: SSHProblem.self) { try signature.verify([1, 2, 4], namespace: "git") }
        #expect(throws: SSHProblem.self) { try signature.verify([1, 2, 3], namespace: "file") }
        #expect(signature.key == key.key)
    }

    @Test func `other kinds of keys, public halves and damage are refused with a reason`() throws {
        let text = try String(contentsOfFile: pair.path, encoding: .utf8)
        // Its file is there as long as it is.
        let curve = try SigningKey("ecdsa", bits: 256)
        let other = try String(contentsOfFile: curve.path, encoding: .utf8)
        for bad in [other, pair.publicLine, "", String(text.dropLast(60)), text.replacing("b3BlbnNzaC1rZXktdjE", with: "b3BlbnNzaC1rZXktdjI")] {
            #expect(throws: SSHProblem.self) { try SSHSigningKey(bad) }
        }
    }
}
