import Testing

@testable import HTTP

struct JSONWriterTests {
    private func text(_ body: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        body(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test func `writes nested values with the commas they need`() {
        let result = text { writer in
            writer.beginObject()
            writer.member("a", 1)
            writer.member("b", "x")
            writer.name("c")
            writer.beginArray()
            writer.beginObject()
            writer.endObject()
            writer.beginArray()
            writer.endArray()
            writer.null()
            writer.bool(false)
            writer.endArray()
            writer.name("d")
            writer.raw("{\"e\":0}")
            writer.member("f", true)
            writer.endObject()
        }
        #expect(result == #"{"a":1,"b":"x","c":[{},[],null,false],"d":{"e":0},"f":true}"#)
    }

    @Test func `what it writes reads back the same`() throws {
        let every = String(String.UnicodeScalarView((0..<0x300).compactMap(Unicode.Scalar.init))) + "\u{2028}😀\"\\/"
        try JSONScanTests.scan(text { $0.string(every) }) { #expect($0.root.string() == every) }
    }

    @Test(arguments: [(Float(0.1), "0.1"), (1, "1.0"), (-0.5, "-0.5"), (.infinity, "null"), (.nan, "null")])
    func `writes floats as the shortest text that reads back`(value: Float, expected: String) {
        #expect(text { $0.float(value) } == expected)
    }

    @Test(arguments: [Float.leastNonzeroMagnitude, .greatestFiniteMagnitude, 1e-7, 16_777_216, .pi])
    func `writes extreme floats as valid JSON`(value: Float) throws {
        let written = text { $0.float(value) }
        try JSONScanTests.scan(written) { #expect($0.root.kind == .number) }
        #expect(Float(written) == value)
    }
}
