import Crypto
import Testing

@testable import Services

struct MintedKeyTests {
    @Test func `a secret has its prefix, its length and a checksum that catches a slip`() {
        let key = MintedKey()
        #expect(key.secret.hasPrefix("sk_"))
        #expect(key.secret.utf8.count == 61)
        #expect(MintedKey.isWellFormed(key.secret))
        var characters = Array(key.secret)
        characters[20] = characters[20] == "a" ? "b" : "a"
        #expect(!MintedKey.isWellFormed(String(characters)))
        #expect(!MintedKey.isWellFormed(String(key.secret.dropLast())))
    }

    @Test func `the public id is the beginning, and says nothing of the rest`() {
        let (id, one, other) = ([UInt8](repeating: 7, count: 6), [UInt8](repeating: 1, count: 32), [UInt8](repeating: 2, count: 32))
        let keys = [MintedKey(id: id, entropy: one), MintedKey(id: id, entropy: other)]
        #expect(keys[0].prefix == keys[1].prefix && keys[0].prefix.utf8.count == 11)
        #expect(keys.allSatisfy { $0.secret.hasPrefix($0.prefix + "_") } && keys[0].secret.dropFirst(12) != keys[1].secret.dropFirst(12))
        #expect(MintedKey(id: [UInt8](repeating: 255, count: 6), entropy: one).prefix.utf8.count == 11)
    }

    @Test(arguments: [[UInt8](repeating: 0, count: 32), [UInt8](repeating: 255, count: 32)])
    func `the extremes of entropy fit`(entropy: [UInt8]) {
        #expect(MintedKey(id: Array(entropy.prefix(6)), entropy: entropy).secret.utf8.count == 61)
        #expect(MintedKey.isWellFormed(MintedKey(id: Array(entropy.prefix(6)), entropy: entropy).secret))
    }

    @Test func `no two are alike`() {
        #expect(Set((0..<1000).map { _ in MintedKey().secret }).count == 1000)
    }

    @Test func `what is committed is the digest, never the secret`() {
        let key = MintedKey()
        #expect(key.snippet == "- { sha256: \(key.digest.hex), prefix: \(key.prefix) }")
        #expect(!key.snippet.contains(key.secret))
    }
}
