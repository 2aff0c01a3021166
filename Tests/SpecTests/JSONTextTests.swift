import Testing

@testable import Spec

@Suite struct JSONTextTests {
    @Test func `commas stand between elements and members, however they nest`() {
        var text = JSONText()
        text.object { text in
            text.member("a", 1)
            text.object("o") { _ in }
            text.array("l") { text in
                text.null()
                text.array { $0.boolean(true) }
                text.object { $0.member("path", path: "a\"b.yaml", line: 7) }
                text.raw("{}")
            }
            text.member("absent", nil as String?)
            text.name("n\n")
            text.integer(.min)
            text.splice(Array(#""x":1,"y":2"#.utf8))
            text.splice([])
        }
        #expect(
            text.json
                == #"{"a":1,"o":{},"l":[null,[true],{"path":"a\"b.yaml:7"},{}],"n\n":-9223372036854775808,"x":1,"y":2}"#)
    }

    @Test(arguments: [
        (JSONText.Escapes.fewest, "\"\\u0000\\u001f\\t\\r\\n\\\"\\\\/\u{7f}\u{80}é…\u{2028}\u{2029}😀\""),
        (.printable, "\"\\u0000\\u001f\\t\\r\\n\\\"\\\\/\\u007f\u{80}é…\\u2028\\u2029😀\""),
    ])
    func `escapes what must be, and what a terminal would obey when asked to`(escapes: JSONText.Escapes, json: String) throws {
        let value = "\0\u{1f}\t\r\n\"\\/\u{7f}\u{80}é…\u{2028}\u{2029}😀"
        var text = JSONText(escapes)
        text.string(value)
        #expect(text.json == json)
        guard case .scalar(let scalar) = try JSONReader.parse(text.json).content else {
            Issue.record("no string")
            return
        }
        #expect(scalar.text == value)
    }
}
