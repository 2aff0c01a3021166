import Testing

@testable import Reconciler

struct ValueTextTests {
    @Test(arguments: [
        (#""100 USD/month""#, "100 USD/month"), ("42", "42"), ("true", "true"), (#""true""#, #""true""#), (#""""#, #""""#),
        (#""42""#, #""42""#), (#"["a","b c"]"#, "[a, b c]"), (#"{"weight":80}"#, "{weight: 80}"), ("{}", "{}"), ("[]", "[]"),
        (#"[{"model":"a/b","x":[1]}]"#, "[{model: a/b, x: [1]}]"), (#"["a,b"]"#, #"["a,b"]"#), (#""a: b""#, "a: b"),
        (#""(absent)""#, #""(absent)""#), ("not json", "not json"),
    ])
    func `values are shown without the noise of JSON, and never as something else`(json: String, shown: String) {
        #expect(ValueText.shown(json) == shown)
    }

    @Test func `what is absent, long, secret or hidden is shown as such`() {
        #expect(ValueText.shown(nil) == "(absent)")
        #expect(ValueText.shown("\"\(String(repeating: "a", count: 500))\"").count == ValueText.charactersMax + 1)
        #expect(ValueText.shown("\"\(String(repeating: "0f", count: 32))\"") == "sha256:0f0f0f0f")
        #expect(ValueText.shown("{\"sha256\":\"\(String(repeating: "0f", count: 32))\"}") == "{sha256: sha256:0f0f0f0f}")
        #expect(ValueText.shown("\"a\u{202E}b\"") == "\"a\u{fffd}b\"")
        #expect(!ValueText.shown(#""a\nb""#).contains("\n"))
    }

    @Test(arguments: [
        (#"["a"]"#, #"["a","b"]"#, "added b"), (#"["a","b"]"#, #"["b"]"#, "removed a"),
        (#"["600 requests/min"]"#, #"["900 requests/min"]"#, "600 requests/min → 900 requests/min"),
        (#"["a","b"]"#, #"["b","a"]"#, "order [a, b] → [b, a]"), (#"["a","b"]"#, #"["c"]"#, "removed a, b; added c"),
    ])
    func `of a list of words, what came and went is told`(old: String, new: String, text: String) {
        #expect(ValueText.listChange(from: old, to: new) == text)
    }

    @Test func `what is no pair of lists of words is no change of one`() {
        #expect(ValueText.listChange(from: nil, to: "[1]") == nil)
        #expect(ValueText.listChange(from: "[{}]", to: "[1]") == nil)
        #expect(ValueText.listChange(from: "1", to: "[1]") == nil)
    }
}
