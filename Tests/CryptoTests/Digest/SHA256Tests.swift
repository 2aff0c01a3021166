import Crypto
import Testing

@Suite struct SHA256Tests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `digests the examples of FIPS 180`(text: String, hex: String) {
        #expect(SHA256.digest(text).hex == hex)
        #expect(SHA256.digest(Array(text.utf8)).description == hex)
    }

    @Test func `a digest survives hex and bytes`() throws {
        let digest = SHA256.digest("charter")
        #expect(SHA256Digest(hex: digest.hex.uppercased()) == digest)
        #expect(SHA256Digest(bytes: digest.bytes) == digest)
        #expect(SHA256Digest(lanes: digest.lanes) == digest)
    }

    @Test(arguments: ["", "ab", String(repeating: "g", count: 64), String(repeating: "a", count: 63)])
    func `refuses hex that is no digest`(text: String) {
        #expect(SHA256Digest(hex: text) == nil)
    }
}
