import Testing

@testable import Simulator

struct WordCountTests {
    private func count(_ text: String) -> Int {
        var text = text
        return text.withUTF8 { WordCount.count(UnsafeRawBufferPointer($0)) }
    }

    @Test(arguments: [
        ("", 0), (" ", 0), ("a", 1), (" a ", 1), ("a b", 2), ("  a\t\nb\r\u{b}\u{c}c  ", 3), ("abcdefgh", 1),
        ("abcdefgh ij", 2),
        ("1234567 9", 2), ("        ", 0), ("        a", 1), ("é ü\u{a0}x", 2), ("\u{1c}\u{e}\u{8}!", 1),
        ("\u{2003}", 1),
    ])
    func `counts what ASCII white space separates`(text: String, expected: Int) {
        #expect(count(text) == expected)
    }

    @Test func `agrees with splitting, whatever the bytes`() {
        var draws = Draws(seed: 12)
        let bytes: [UInt8] = [
            0x20, 0x09, 0x0A, 0x0D, 0x0B, 0x0C, 0x08, 0x0E, 0x21, 0x1F, 0x61, 0x7F, 0x80, 0x89, 0xA0, 0xFF,
        ]
        for length in 0..<400 {
            let text = (0..<length).map { _ in bytes[Int(draws.next() % UInt64(bytes.count))] }
            let words = text.split { $0 == 0x20 || (0x09...0x0D).contains($0) }
            #expect(text.withUnsafeBytes { WordCount.count($0) } == words.count)
        }
    }
}
