import Crypto
import Testing

@Suite struct SecureRandomTests {
    @Test func `gives as many bytes as asked and never the same`() {
        #expect(SecureRandom.bytes(0).isEmpty)
        #expect(SecureRandom.bytes(32).count == 32)
        #expect(SecureRandom.bytes(32) != SecureRandom.bytes(32))
    }

    @Test func `makes version 4 UUIDs`() {
        let uuid = SecureRandom.uuid()
        #expect(uuid.split(separator: "-").map(\.count) == [8, 4, 4, 4, 12])
        #expect(uuid.dropFirst(14).first == "4")
        #expect("89ab".contains(uuid.dropFirst(19).first ?? "-"))
    }
}
