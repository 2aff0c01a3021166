import Testing

@testable import Spec

@Suite struct SuggestionTests {
    @Test(
        arguments: [
            ("id", ["to", "at", "is"], nil), ("x", ["a"], nil), ("ab", ["cd"], nil), ("ID", ["id"], "id"), ("ids", ["id"], "id"),
            ("evn", ["env", "file"], "env"), ("day", ["hay"], nil), ("dey", ["day"], "day"), ("ownr", ["owner"], "owner"),
            ("hsot", ["host"], "host"), ("moddels", ["models"], "models"), ("word", ["cold"], nil), ("", ["a"], nil),
        ] as [(String, [String], String?)]
    ) func `a word is only taken for one that it is like`(word: String, names: [String], meant: String?) {
        #expect(Suggestion.nearest(to: word, among: names) == meant)
    }
}
