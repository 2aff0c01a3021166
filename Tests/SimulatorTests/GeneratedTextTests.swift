import Testing

@testable import Simulator

struct GeneratedTextTests {
    private func text(_ generated: GeneratedText) -> String { String(decoding: generated.bytes, as: UTF8.self) }

    @Test func `the same seed gives the same text, another seed another`() {
        #expect(
            text(GeneratedText(seed: 7, wanted: 20, max: nil)) == text(GeneratedText(seed: 7, wanted: 20, max: nil)))
        #expect(
            text(GeneratedText(seed: 7, wanted: 20, max: nil)) != text(GeneratedText(seed: 8, wanted: 20, max: nil)))
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `every piece is one word, and the pieces are the text`(seed: UInt64) {
        let generated = GeneratedText(seed: seed, wanted: nil, max: nil)
        let pieces = (0..<generated.count).map { String(decoding: generated.bytes[generated.pieces($0)], as: UTF8.self) }
        #expect(pieces.joined() == text(generated))
        #expect(pieces.allSatisfy { wordCount($0) == 1 })
        #expect(wordCount(text(generated)) == generated.count)
        #expect(generated.finish == .stop)
        #expect(text(generated).hasSuffix("."))
    }

    @Test func `a limit cuts the same text short and says so`() {
        let whole = text(GeneratedText(seed: 3, wanted: 30, max: nil))
        let cut = GeneratedText(seed: 3, wanted: 30, max: 5)
        #expect(cut.count == 5)
        #expect(cut.finish == .length)
        #expect(whole.hasPrefix(text(cut)))
        #expect(GeneratedText(seed: 3, wanted: 5, max: 5).finish == .stop)
        #expect(GeneratedText(seed: 3, wanted: nil, max: 0).count == 0)
    }

    @Test(arguments: 1..<12)
    func `stops before the stop sequence and counts the words that are left`(length: Int) {
        let whole = GeneratedText(seed: 11, wanted: 40, max: nil)
        for start in stride(from: 1, to: whole.bytes.count - length, by: 3) {
            let stop = Array(whole.bytes[start..<(start + length)])
            let cut = GeneratedText(seed: 11, wanted: 40, max: nil, stops: [stop, Array("never there".utf8)])
            #expect(!text(cut).contains(String(decoding: stop, as: UTF8.self)))
            #expect(text(whole).hasPrefix(text(cut)))
            #expect(wordCount(text(cut)) == cut.count)
            #expect(cut.finish == .stop)
        }
    }

    @Test func `needs no escape in JSON`() {
        #expect(Vocabulary.words.allSatisfy { $0.allSatisfy { (0x61...0x7A).contains($0) } && !$0.isEmpty })
    }
}
