import Testing

@testable import Spec

@Suite struct CanonicalFieldsTests {
    @Test(arguments: [
        #"{"labels":{"tier":"prod"},"spec":{"owner":"sam"}}"#, #"{"spec":{}}"#,
        #"{"annotations":{"a/b~c":"x"},"spec":{"limits":["600 requests/min",{"x":[1,{"y":2}]}],"owner":"sam"}}"#,
        #"{"spec":{"budget":{"at":{"80%":"notify"},"hard":"250 USD/month"},"owner":"anna"}}"#,
        #"{"spec":{"budget":{"hard":"250 USD/month"},"owner":"anna \"q\" \\ {}[],: ü🜁"}}"#,
        #"{"spec":{"":"empty name","budget":{},"models":[],"n":null,"t":true,"z":-1.5e3}}"#,
        "{\"a~\u{301}/\u{301}\":1,\"\u{301}x\":2}", #"{"spec":{"\u0041":1}}"#,
    ])
    func `fields put together again are the same text`(text: String) {
        let fields = CanonicalFields(of: text)
        #expect(fields.isExact)
        #expect(fields.text.map { Array($0.utf8) } == Array(text.utf8))
        #expect(fields.pointers.allSatisfy { $0.utf8.starts(with: "/".utf8) })
    }

    @Test(arguments: [
        #"{"z":1,"a":2}"#, #"{"a":1,"a":2}"#, #"{ "spec" : 1 }"#, #"{"spec":[1, 2]}"#, #"{"spec":1} "#, #"[1,2]"#, "{}", "1",
        "not JSON {", "", "{\"\u{e9}\":1,\"e\u{301}\":2}",
    ])
    func `a text in another form has no text to be put together to`(text: String) {
        let fields = CanonicalFields(of: text)
        #expect(!fields.isExact)
        #expect(fields.text == nil)
    }

    @Test(arguments: ["", "{", "nonsense!", #"{"a":1}x"#, #"{"a"}"#, #"{"a":01}"#, "[{}] x", String(repeating: "[", count: 100_000)])
    func `a text that is not JSON is one field at the root`(text: String) {
        let fields = CanonicalFields(of: text)
        #expect(fields.pointers == [""])
        #expect(fields[""] == text)
        #expect(fields.leaves.pointers == [""])
        #expect(fields.leaves[""] == text)
    }

    @Test func `objects are entered, lists and empty objects are whole`() {
        let fields = CanonicalFields(of: #"{"annotations":{"a/b~c":"x"},"spec":{"e":{},"l":["600",{"x":[1,{"y":2}]}]}}"#)
        #expect(fields.pointers == ["/annotations/a~1b~0c", "/spec/e", "/spec/l"])
        #expect(fields.pointers.map { fields[$0] } == [#""x""#, "{}", #"["600",{"x":[1,{"y":2}]}]"#])
    }

    @Test func `leaves enter the lists that hold lists or objects`() {
        let leaves = CanonicalFields(
            of: #"{"spec":{"empty":{},"limits":["a,]","b"],"none":[],"targets":[{"m~/x":1},{"m":"\"{"},[2,[3]],4]}}"#
        ).leaves
        #expect(
            leaves.pointers == [
                "/spec/empty", "/spec/limits", "/spec/none", "/spec/targets/0/m~0~1x", "/spec/targets/1/m",
                "/spec/targets/2/0", "/spec/targets/2/1", "/spec/targets/3",
            ])
        #expect(leaves["/spec/limits"] == #"["a,]","b"]"#)
        #expect(leaves["/spec/targets/1/m"] == #""\"{""#)
        #expect(leaves["/spec/targets/2/1"] == "[3]")
        #expect(CanonicalFields(of: #" [{"a":1}, 2]"#).leaves.pointers == ["/0/a", "/1"])
    }

    @Test func `a field that is set or removed is so in the text`() {
        var fields = CanonicalFields(of: #"{"labels":{"tier":"prod"},"spec":{"owner":"sam"}}"#)
        fields.set("/labels/tier", nil)
        fields.set("/spec/owner", #""anna""#)
        fields.set("/annotations/a~1b", "1")
        #expect(fields.pointers == ["/spec/owner", "/annotations/a~1b"])
        #expect(fields.text == #"{"annotations":{"a/b":1},"spec":{"owner":"anna"}}"#)
    }

    @Test(arguments: [("", []), ("/", [""]), ("/a~1b/~01/", ["a/b", "~1", ""]), ("/\u{301}/x", ["\u{301}", "x"])])
    func `a pointer gives back the names it was made of`(pointer: String, names: [String]) {
        #expect(JSONPointer.names(pointer) == names)
        #expect(names.map { "/" + JSONPointer.escaped($0) }.joined() == pointer)
    }
}
