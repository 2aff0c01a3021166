import Testing

@testable import HTTP

struct JSONPatchTests {
    private func patched(_ text: String, _ change: (inout JSONPatch, JSONScan) -> Void) throws -> String {
        try JSONScanTests.scan(text) { scan in
            var patch = try #require(JSONPatch(scan))
            change(&patch, scan)
            let bytes = patch.bytes()
            #expect(JSONScanTests.error(bytes) == nil)
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    @Test func `replaces a member's value and keeps every other byte`() throws {
        let text = " { \"a\" : 1.0e2 , \"mod\\u0065l\" :\t\"x\" ,\r\n \"b\":[1 ,2] } \n"
        let result = try patched(text) { patch, _ in patch.set("model", to: #""gpt-4o""#) }
        #expect(result == " { \"a\" : 1.0e2 , \"mod\\u0065l\" :\t\"gpt-4o\" ,\r\n \"b\":[1 ,2] } \n")
    }

    @Test func `an empty patch changes nothing`() throws {
        let text = " {\"a\" :1}\n"
        let result = try patched(text) { patch, _ in #expect(patch.isEmpty) }
        #expect(result == text)
    }

    @Test(arguments: [
        ("{}", #"{"z":1}"#), ("{ }", #"{"z":1 }"#), (#"{"a":1}"#, #"{"a":1,"z":1}"#),
        (#"{"a":1 }"#, #"{"a":1,"z":1 }"#),
        (#"{"z":{"b":2}}"#, #"{"z":1}"#),
    ])
    func `inserts a member that is absent and replaces one that is there`(text: String, expected: String) throws {
        #expect(try patched(text) { patch, _ in patch.set("z", to: "1") } == expected)
    }

    @Test(arguments: [
        ("a", #"{"b":2, "c":3}"#), ("b", #"{"a":1, "c":3}"#), ("c", #"{"a":1, "b":2}"#), ("ab", #"{"c":3}"#),
        ("bc", #"{"a":1}"#), ("ac", #"{"b":2}"#), ("abc", "{}"), ("x", #"{"a":1, "b":2, "c":3}"#),
    ])
    func `removes members with the commas that go with them`(names: String, expected: String) throws {
        let result = try patched(#"{"a":1, "b":2, "c":3}"#) { patch, _ in
            for name in names { patch.remove(String(name)) }
        }
        #expect(result == expected)
    }

    @Test(arguments: [
        ("a", #"{"b":2, "c":3,"y":"n","z":0}"#), ("c", #"{"a":1, "b":2,"y":"n","z":0}"#), ("abc", #"{"y":"n","z":0}"#),
    ])
    func `inserts behind what stays`(names: String, expected: String) throws {
        let result = try patched(#"{"a":1, "b":2, "c":3}"#) { patch, _ in
            for name in names { patch.remove(String(name)) }
            patch.set("y", to: #""n""#)
            patch.set("z", to: "0")
        }
        #expect(result == expected)
    }

    @Test func `patches a nested object inside the whole`() throws {
        let text = #"{"stream":true,"stream_options": {"include_usage":false, "x":1},"n":1}"#
        let result = try patched(text) { patch, scan in
            guard let options = scan["stream_options"], let object = options.object() else { return }
            var inner = JSONPatch(object)
            inner.set("include_usage", to: "true")
            patch.replace(options, with: inner.bytes())
            patch.set("n", to: "2")
        }
        #expect(result == #"{"stream":true,"stream_options": {"include_usage":true, "x":1},"n":2}"#)
    }

    @Test func `setting a repeated nested name leaves it once`() throws {
        try JSONScanTests.scan(#"[{"a":1,"a":2,"b":3}]"#) { scan in
            let nested = try #require(scan.root.array()?.first { _ in true }?.object())
            var patch = JSONPatch(nested)
            patch.set("a", to: "9")
            #expect(String(decoding: patch.bytes(), as: UTF8.self) == #"{"a":9,"b":3}"#)
        }
    }

    @Test func `the last word on a member counts`() throws {
        let result = try patched(#"{"a":1,"b":2}"#) { patch, _ in
            patch.remove("a")
            patch.set("a", to: "3")
            patch.set("b", to: "4")
            patch.remove("b")
            patch.set("c", to: "5")
            patch.set("c", to: "6")
        }
        #expect(result == #"{"a":3,"c":6}"#)
    }
}
