import Crypto
import Testing

@testable import Reconciler

struct MintedKeyTests {
    @Test func `a secret has its prefix, its length and a checksum that catches a slip`() {
        let key = MintedKey()
        #expect(key.secret.hasPrefix("sk-charter-"))
        #expect(key.secret.utf8.count == 60)
        #expect(MintedKey.isWellFormed(key.secret))
        var characters = Array(key.secret)
        characters[20] = characters[20] == "a" ? "b" : "a"
        #expect(!MintedKey.isWellFormed(String(characters)))
        #expect(!MintedKey.isWellFormed(String(key.secret.dropLast())))
    }

    @Test(arguments: [[UInt8](repeating: 0, count: 32), [UInt8](repeating: 255, count: 32)])
    func `the extremes of entropy fit`(entropy: [UInt8]) {
        #expect(MintedKey(entropy: entropy).secret.utf8.count == 60)
        #expect(MintedKey.isWellFormed(MintedKey(entropy: entropy).secret))
    }

    @Test func `no two are alike`() {
        #expect(Set((0..<1000).map { _ in MintedKey().secret }).count == 1000)
    }

    @Test func `what is committed is the digest, never the secret`() {
        let key = MintedKey()
        #expect(key.snippet == "- { sha256: \(key.digest.hex) }")
        #expect(!key.snippet.contains(key.secret))
    }
}
