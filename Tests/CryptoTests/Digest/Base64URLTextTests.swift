import Testing

@testable import Crypto

struct Base64URLTextTests {
    /// RFC 4648 section 10, without padding.
    @Test(arguments: ["": "", "f": "Zg", "fo": "Zm8", "foo": "Zm9v", "foob": "Zm9vYg", "fooba": "Zm9vYmE", "foobar": "Zm9vYmFy", "~~~?": "fn5-Pw"])
    func `writes and reads the examples of the RFC`(plain: String, coded: String) {
        #expect(Base64URLText.text(Array(plain.utf8)) == coded)
        #expect(Base64URLText.bytes(Array(coded.utf8)) == Array(plain.utf8))
    }

    @Test(arguments: ["Z", "Zg==", "Zm8=", "Zh", "Zm9", "Zm9vZ", "Zm 9v", "Zm9v\n", "+n5-", "/w", "Zm9v=", "="])
    func `refuses what is not the one text of its bytes`(text: String) {
        #expect(Base64URLText.bytes(Array(text.utf8)) == nil)
    }
}
