import Testing

@testable import Crypto

struct Base64TextTests {
    /// RFC 4648 section 10.
    @Test(arguments: ["": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg==", "fooba": "Zm9vYmE=", "foobar": "Zm9vYmFy"])
    func `writes and reads the examples of the RFC`(plain: String, coded: String) {
        #expect(Base64Text.text(Array(plain.utf8)) == coded)
        #expect(Base64Text.bytes(Array(coded.utf8)) == Array(plain.utf8))
    }

    @Test func `every byte comes back`() {
        for count in 0..<9 {
            for byte in UInt8.min...UInt8.max {
                let bytes = [UInt8](repeating: byte, count: count)
                #expect(Base64Text.bytes(Array(Base64Text.text(bytes).utf8)) == bytes)
            }
        }
    }

    @Test(arguments: ["Z", "Zg=", "Zg", "Zh==", "Zm9=", "Z===", "====", "Zm 9", "Zm9v\n", "Zm9-", "Zg==Zg==", "=Zm9"])
    func `refuses what is not the one text of its bytes`(text: String) {
        #expect(Base64Text.bytes(Array(text.utf8)) == nil)
    }
}
