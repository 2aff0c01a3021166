import Policy
import Testing

@Suite struct KeyDigestTests {
    @Test func `two digests are one only where all lanes agree`() {
        let lanes: [UInt64] = [0, 1, 0x1111, 0x3333, .max]
        var all: [KeyDigest] = []
        for a in lanes { for b in lanes { for c in lanes { for d in lanes { all.append(KeyDigest(lanes: (a, b, c, d))) } } } }
        for (i, one) in all.enumerated() {
            #expect(all.indices.filter { all[$0] == one } == [i])
        }
        #expect(Set(all).count == all.count)
    }
}
