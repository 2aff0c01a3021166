/// Texts every strict reader must take, and texts every strict reader must refuse, named in JSONTestSuite's taste.
enum JSONGrammar {
    static let accepted: [(name: String, text: [UInt8])] = [
        ("empty object", "{}"), ("empty array", "[]"), ("spaces around", " \t\r\n[1] \n"),
        ("lone string", "\"a\""), ("lone number", "-0"), ("lone true", "true"), ("lone null", "null"),
        ("zero", "0"), ("minus zero", "-0"), ("fraction", "1.25"), ("exponent", "1e5"), ("capital exponent", "1E+5"),
        ("negative exponent", "0.1e-07"), ("huge exponent", "1e999"),
        ("long integer", "123456789012345678901234567890"),
        ("nested", "[[[{\"a\":[{}]}]]]"), ("spaces inside", "{ \"a\" : [ 1 , 2 ] , \"b\" : { } }"),
        ("every short escape", #""\"\\\/\b\f\n\r\t""#), ("unicode escape", #""\u0041\u00e9\uFFFF\u0000""#),
        ("surrogate pair", #""\ud83d\ude00""#), ("surrogate pair capital", #""\uD83D\uDE00""#),
        ("escaped name", #"{"\u0061":1}"#), ("empty name", #"{"":0}"#), ("delete character", "\"\u{7f}\""),
        ("two bytes", "\"é\""), ("three bytes", "\"€\""), ("four bytes", "\"😀\""), ("line separator", "\"\u{2028}\""),
        ("last scalar", "\"\u{10FFFF}\""), ("non-character", "\"\u{FFFF}\""), ("before surrogates", "\"\u{D7FF}\""),
        ("word boundary 7", "\"1234567\""), ("word boundary 8", "\"12345678\""), ("word boundary 9", "\"123456789\""),
        ("nested duplicates", #"{"a":{"b":1,"b":2}}"#), ("case differs", #"{"a":1,"A":2}"#),
        ("composed and decomposed names", "{\"\u{e9}\":1,\"e\u{301}\":2}"),
        ("depth at the cap", String(repeating: "[", count: 128) + String(repeating: "]", count: 128)),
    ].map { ($0.0, Array($0.1.utf8)) }

    static let refused: [(name: String, text: [UInt8])] =
        [
            ("nothing", ""), ("only spaces", " \n"), ("two values", "1 2"), ("trailing comma text", "{},"),
            ("trailing brace", "{}}"), ("trailing zero byte", "{}\0"), ("trailing comment", "{} // x"),
            ("leading zero", "01"), ("minus leading zero", "-01"), ("plus", "+1"), ("lone minus", "-"),
            ("no integer part", ".5"), ("no fraction", "1."), ("no fraction before exponent", "1.e5"),
            ("no exponent", "1e"), ("no exponent digits", "1e+"), ("two points", "1.2.3"), ("hex", "0x10"),
            ("infinity", "Infinity"), ("not a number", "NaN"), ("letters after number", "1a"),
            ("capital true", "True"), ("cut true", "tru"), ("cut null", "[nul]"), ("long false", "falsee"),
            ("array trailing comma", "[1,]"), ("array leading comma", "[,1]"), ("array double comma", "[1,,2]"),
            ("array no comma", "[1 2]"), ("array unclosed", "[1"), ("array unclosed after comma", "[1,"),
            ("array closed by brace", "[1}"), ("array with colon", "[\"a\":1]"), ("lone closing", "]"),
            ("object trailing comma", "{\"a\":1,}"), ("object no colon", "{\"a\" 1}"), ("object no value", "{\"a\":}"),
            ("object bare name", "{a:1}"), ("object number name", "{1:1}"), ("object single quotes", "{'a':1}"),
            ("object unclosed", "{\"a\":1"), ("object cut at name", "{\"a\""), ("object cut at colon", "{\"a\":"),
            ("object closed by bracket", "{\"a\":1]"), ("object double colon", "{\"a\"::1}"),
            ("object comma for colon", "{\"a\",1}"), ("open only", "{"), ("string unclosed", "\"abc"),
            ("string unclosed after escape", "\"\\"), ("string raw newline", "\"a\nb\""), ("string raw tab", "\"\t\""),
            ("string raw zero", "\"\0\""), ("string unit separator", "\"1234567\u{1f}\""),
            ("escape unknown", #""\x""#), ("escape capital", #""\U0041""#), ("escape short unicode", #""\u00""#),
            ("escape bad hex", #""\u00g0""#), ("escape cut", "\"\\u004"), ("lone high surrogate", #""\ud800""#),
            ("lone low surrogate", #""\udc00""#), ("high then letter", #""\ud800a""#),
            ("high then newline", #""\ud800\n""#), ("high then high", #""\ud800\ud800""#),
            ("pair reversed", #""\ude00\ud83d""#), ("duplicate", #"{"a":1,"a":2}"#),
            ("duplicate by escape", #"{"model":1,"mod\u0065l":2}"#), ("duplicate escapes", #"{"\u0061":1,"\u0061":2}"#),
            ("duplicate empty", #"{"":1,"":2}"#),
            ("too deep", String(repeating: "[", count: 129) + String(repeating: "]", count: 129)),
            ("far too deep", String(repeating: "[{\"a\":", count: 5_000)),
            ("duplicate among many", "{" + (0..<60).map { "\"k\($0)\":0," }.joined() + "\"k7\":1}"),
        ].map { ($0.0, Array($0.1.utf8)) } + refusedBytes

    private static let refusedBytes: [(name: String, text: [UInt8])] = [
        ("byte order mark", [0xEF, 0xBB, 0xBF] + Array("{}".utf8)), ("UTF-16", [0x7B, 0, 0x7D, 0]),
        ("lone continuation", quoted([0x80])), ("overlong slash", quoted([0xC0, 0xAF])),
        ("overlong two", quoted([0xC1, 0xBF])), ("overlong three", quoted([0xE0, 0x9F, 0xBF])),
        ("overlong four", quoted([0xF0, 0x8F, 0xBF, 0xBF])), ("surrogate in UTF-8", quoted([0xED, 0xA0, 0x80])),
        ("above the last scalar", quoted([0xF4, 0x90, 0x80, 0x80])),
        ("five bytes", quoted([0xF8, 0x88, 0x80, 0x80, 0x80])),
        ("cut two", quoted([0xC3])), ("cut three", quoted([0xE2, 0x82])), ("cut four", quoted([0xF0, 0x9F, 0x98])),
        ("cut at the end", [0x22, 0xE2, 0x82]), ("lead then ASCII", quoted([0xE2, 0x41, 0x41])), ("FF", quoted([0xFF])),
        ("multibyte outside strings", Array("[1,\u{a0}2]".utf8)), ("no-break space", Array("\u{a0}1".utf8)),
    ]

    private static func quoted(_ bytes: [UInt8]) -> [UInt8] { [0x22] + bytes + [0x22] }
}

/// A small generator whose runs can be repeated from their seed.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
