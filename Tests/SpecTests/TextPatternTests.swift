import Testing

@testable import Spec

@Suite struct TextPatternTests {
    @Test(arguments: [
        ("abc", "xxabcxx", true), ("abc", "ab", false), ("a.c", "abc", true), ("a.c", "a\nc", false), ("^a", "ba", false),
        ("a$", "ab", false), ("^$", "", true), ("^$", "x", false), ("a|b|c", "xxc", true), ("(?:ab)+c", "ababc", true),
        ("(ab){2}", "abab", true), ("^(?:ab){2}$", "ababab", false), ("^a{2,3}$", "aaaa", false), ("^a{2,3}$", "aaa", true),
        ("^a{2,}$", "aaaaaaa", true), ("^a{0}b$", "b", true), ("[a-c]x", "bx", true), ("[^a-c]x", "bx", false),
        ("[]x", "x", false), ("\\d{3}-\\d{4}", "call 555-1234 now", true), ("[\\d-]+$", "555-", true), ("\\w+@\\w+", "a_1@b", true),
        ("\\bcat\\b", "a cat.", true), ("\\bcat\\b", "concat", false), ("\\Bcat", "concat", true), ("a\\.b", "axb", false),
        ("é", "caf\u{e9}", true), ("[à-ÿ]", "caf\u{e9}", true), ("x*", "", true), ("(|a)b", "b", true), ("a??b", "ab", true),
        ("\\S\\s\\S", "a b", true), ("[\\s,]x", ",x", true), ("🜁+", "a🜁🜁", true), ("a-b", "a-b", true), ("[a-]", "-", true),
    ]) func `a pattern is found as its signs say`(pattern: String, text: String, isFound: Bool) {
        guard let compiled = try? TextPattern(pattern) else {
            #expect(pattern == "[]x")
            return
        }
        #expect(compiled.isFound(in: text) == isFound)
    }

    @Test(arguments: [
        ".*", "a|", "|a", "(a)?", "x*y*", "^", "$", "^.*", ".*$", "(?:^$)?", "a{0,3}", "(a|b*)", "a??", "^(?:)|b", "(?:a*)+",
    ]) func `a pattern that needs nothing is found everywhere`(pattern: String) throws {
        #expect(try TextPattern(pattern).isFoundEverywhere)
    }

    @Test(arguments: [
        ("^$", false), ("^a*$", false), ("\\b", false), ("a", false), ("\\d+", false), ("^[\\s\\S]{0,100}$", false), (".", true), (".+", true),
        ("[^,]", true), ("[\\s\\S]", true), ("(?:.|x)y?", true), ("\\w", false), ("\\S", false),
    ]) func `what needs something is not, but may be nearly`(pattern: String, isNearly: Bool) throws {
        let compiled = try TextPattern(pattern)
        #expect(!compiled.isFoundEverywhere && compiled.isFoundNearlyEverywhere == isNearly)
    }

    @Test func `letters of any case match where that is asked for`() throws {
        #expect(try TextPattern("[a-m]ello W", ignoresCase: true).isFound(in: "HELLO w"))
        #expect(try TextPattern("[A-Z]", ignoresCase: true).isFound(in: "q"))
        #expect(try !TextPattern("[A-Z]", ignoresCase: true).isFound(in: "7"))
        #expect(try !TextPattern("hello").isFound(in: "HELLO"))
    }

    @Test func `what takes others for ever takes linear time`() throws {
        let text = String(repeating: "a", count: 2000)
        for pattern in ["(a*)*b", "(a|a)*b", "(?:a+)+$b", "(.*)*x", "(?:a?){30}(?:a){30}b"] {
            let compiled = try TextPattern(pattern)
            let began = ContinuousClock.now
            #expect(!compiled.isFound(in: text))
            #expect(ContinuousClock.now - began < .seconds(20), "\(pattern)")
        }
    }

    @Test(arguments: [
        "(a)\\1", "a(?=b)", "a(?!b)", "(?<=a)b", "(?<n>a)", "(?i)a", "(?P<n>a)", "(a", "a)", "[a", "[]", "[z-a]", "[a-\\d]", "[[:digit:]]",
        "*", "a**", "a{2}{3}", "a{", "a{,3}", "a{3,2}", "a{1001}", "\\", "\\q", "\\é", "", "(?:[a-z]{1000}){1000}", "a|*",
    ]) func `what is not of the subset is refused`(pattern: String) {
        #expect(throws: TextPatternProblem.self) { try TextPattern(pattern) }
    }

    @Test func `nesting and length are bounded`() {
        let deep = String(repeating: "(", count: 100_000)
        #expect(throws: TextPatternProblem.self) { try TextPattern(deep) }
        let nested = String(repeating: "(", count: 400) + "a" + String(repeating: ")", count: 400)
        #expect(throws: TextPatternProblem.self) { try TextPattern(nested) }
        #expect(throws: TextPatternProblem.self) { try TextPattern("((((((((((a{1000}){1000}){1000}){1000}){1000}){1000}){1000})))))") }
    }
}
