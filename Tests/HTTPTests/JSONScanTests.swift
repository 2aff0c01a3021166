import Foundation
import TestKit
import Testing

@testable import HTTP

struct JSONScanTests {
    /// Copies the text to memory of exactly its size, so that a read past the end is one a sanitizer sees.
    static func scan<T>(_ text: [UInt8], _ body: (JSONScan) throws -> T) throws -> T {
        try text.withUnsafeBytes { try body(try JSONScan($0)) }
    }

    static func scan<T>(_ text: String, _ body: (JSONScan) throws -> T) throws -> T { try scan(Array(text.utf8), body) }

    static func error(_ text: [UInt8]) -> JSONError? {
        do {
            return try scan(text) { _ in nil }
        } catch {
            return error as? JSONError
        }
    }

    static func error(_ text: String) -> JSONError? { error(Array(text.utf8)) }

    @Test(arguments: JSONGrammar.accepted.indices)
    func `accepts what RFC 8259 allows`(index: Int) {
        let (name, text) = JSONGrammar.accepted[index]
        #expect(Self.error(text) == nil, "\(name)")
    }

    @Test(arguments: JSONGrammar.refused.indices)
    func `refuses what RFC 8259 or this reader forbids`(index: Int) {
        let (name, text) = JSONGrammar.refused[index]
        #expect(Self.error(text) != nil, "\(name)")
    }

    @Test(arguments: [
        ("", JSONError(.empty, at: 0)), ("  ", JSONError(.empty, at: 2)), ("[1,]", JSONError(.unexpectedByte, at: 3)),
        ("[1", JSONError(.unexpectedEnd, at: 2)), ("{} x", JSONError(.trailingBytes, at: 3)),
        ("{\"a\":01}", JSONError(.invalidNumber, at: 6)), (#"["\ud800"]"#, JSONError(.loneSurrogate, at: 2)),
        (#"{"a":0,"\u0061":1}"#, JSONError(.duplicateName, at: 7)), ("nul", JSONError(.invalidLiteral, at: 0)),
    ])
    func `says why and at which byte`(text: String, expected: JSONError) {
        #expect(Self.error(text) == expected)
    }

    @Test func `finds top-level members by their unescaped name`() throws {
        try Self.scan(#" {"model":"gpt-4o","n":2,"stream":true,"mod\u0065":"x","z":null,"stop":["a","b"]} "#) { scan in
            #expect(scan["model"]?.string() == "gpt-4o")
            #expect(scan["n"]?.int() == 2)
            #expect(scan["stream"]?.bool() == true)
            #expect(scan["mode"]?.string() == "x")
            #expect(scan["z"]?.isNull == true)
            #expect(scan["stop"]?.array()?.map { $0.string() } == ["a", "b"])
            #expect(scan["absent"] == nil)
            #expect(scan.members.map(\.name) == ["model", "n", "stream", "mode", "z", "stop"])
        }
    }

    @Test func `a nested member that is read must be the only one of its name`() throws {
        try Self.scan(#"{"o":{"a":1,"b":2,"\u0061":3,"":4}}"#) { scan in
            let object = try #require(scan["o"]?.object())
            #expect(try object.only("b")?.int() == 2)
            #expect(try object.only("")?.int() == 4)
            #expect(try object.only("c") == nil)
            #expect(throws: JSONError(.duplicateName, at: 18)) { try object.only("a") }
        }
    }

    @Test func `every cut of a text is refused`() throws {
        let bytes = Array(Self.request.utf8)
        for count in bytes.indices { #expect(Self.error(Array(bytes[..<count])) != nil, "\(count) bytes") }
    }

    @Test func `every byte in place of another is refused or leaves the text valid for Foundation too`() throws {
        let bytes = Array(#"{"a":[1.5e3,true,null,"x\u00e9é"],"b":{"c":-0}}"#.utf8)
        for index in bytes.indices {
            for byte in UInt8.min...UInt8.max where byte != bytes[index] {
                var changed = bytes
                changed[index] = byte
                try Self.compareWithFoundation(changed, "byte \(byte) at \(index)")
            }
        }
    }

    @Test func `a name with a backslash is not mistaken for an escape`() throws {
        try Self.scan(#"{"\\n":1,"\n":2}"#) { scan in
            #expect(scan[#"\n"#]?.int() == 1)
            #expect(scan["\n"]?.int() == 2)
        }
    }

    @Test func `walks nested values lazily`() throws {
        let text = #"""
            {"messages":[{"role":"user","content":[{"type":"text","text":"a\"]}b"},
            {"type":"image_url","image_url":{"url":"data:…"}}]},{"role":"assistant","content":null}],
            "stream_options":{"include_usage":false,"include_usage":true}}
            """#
        try Self.scan(text) { scan in
            let messages = Array(try #require(scan["messages"]?.array()))
            #expect(messages.count == 2)
            let parts = Array(try #require(messages[0].object()?["content"]?.array()))
            #expect(parts.map { $0.object()?["type"]?.string() } == ["text", "image_url"])
            #expect(parts[0].object()?["text"]?.string() == #"a"]}b"#)
            #expect(messages[1].object()?["content"]?.isNull == true)
            #expect(scan["stream_options"]?.object()?["include_usage"]?.bool() == true)
        }
    }

    @Test(
        arguments: [
            ("0", 0), ("-0", 0), ("42", 42), ("9223372036854775807", Int64.max), ("-9223372036854775808", Int64.min),
            ("9223372036854775808", nil), ("-9223372036854775809", nil), ("1.0", nil), ("1e3", nil), ("\"1\"", nil),
        ] as [(String, Int64?)])
    func `reads integers exactly or not at all`(text: String, expected: Int64?) throws {
        try Self.scan(text) { #expect($0.root.int() == expected) }
    }

    @Test func `unescapes every escape`() throws {
        try Self.scan(#""\"\\\/\b\f\n\r\t\u0041\u00e9\u20ac\ud83d\ude00é""#) {
            #expect($0.root.string() == "\"\\/\u{8}\u{c}\n\r\tAé€😀é")
        }
    }

    @Test func `agrees with Foundation on mutated requests`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix(state: seed)
        let sources = JSONGrammar.accepted.map(\.text) + [Array(Self.request.utf8), Array(Self.request.utf8)]
        for round in 0..<6_000 {
            guard var text = sources.randomElement(using: &random) else { return }
            for _ in 0...Int.random(in: 0..<3, using: &random) { Self.mutate(&text, using: &random) }
            try Self.compareWithFoundation(text, "seed \(seed), round \(round)")
        }
    }

    static let request = #"""
        {"model":"gpt-4o-mini","messages":[{"role":"system","content":"Sei höflich. \"Ja\""},{"role":"user",
        "content":[{"type":"text","text":"Zahl: \u00e9 \ud83d\ude00 €"}]}],"temperature":0.7e-1,"n":1,"stop":null,
        "stream":true,"stream_options":{"include_usage":true},"max_tokens":-12,"seed":9007199254740993,"x":[[],{},[{}]]}
        """#

    private static func mutate(_ text: inout [UInt8], using random: inout SplitMix) {
        let pool = Array(#"{}[]",:\u0tfn1-.eE+é"#.utf8) + [0x80, 0xED, 0xA0, 0xF4, 0xFF, 0, 0x1F, 0x20]
        guard !text.isEmpty, let byte = pool.randomElement(using: &random) else { return }
        let index = Int.random(in: 0..<text.count, using: &random)
        switch UInt8.random(in: 0..<6, using: &random) {
        case 0: text[index] = byte
        case 1: text.insert(byte, at: index)
        case 2: text.remove(at: index)
        case 3: text.removeLast(text.count - index)
        case 4: text[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        default: text.insert(contentsOf: text[index..<min(text.count, index + 12)], at: index)
        }
    }

    /// What this reader takes Foundation must take and read alike; what only Foundation takes must be one of its known leniencies.
    private static func compareWithFoundation(_ text: [UInt8], _ context: String) throws {
        let theirs = try? JSONSerialization.jsonObject(with: Data(text), options: [.fragmentsAllowed])
        let mine = error(text)
        if mine == nil {
            let value = try scan(text) { plain($0.root) }
            guard let theirs else {
                #expect(isBeyondDouble(value), "only we accept: \(context) \(String(decoding: text, as: UTF8.self))")
                return
            }
            #expect(same(value, theirs), "\(context) \(String(decoding: text, as: UTF8.self))")
        } else if theirs != nil {
            let refusal = try #require(mine)
            #expect(isLeniency(refusal, text), "\(refusal): \(context) \(String(decoding: text, as: UTF8.self))")
        }
    }

    /// Foundation also reads UTF-16 and UTF-32, keeps one of two members, and lets a comma end an array or object.
    private static func isLeniency(_ refusal: JSONError, _ text: [UInt8]) -> Bool {
        switch refusal.reason {
        case .duplicateName, .byteOrderMark, .loneSurrogate, .tooDeep, .numberTooLarge: return true
        case .unexpectedByte:
            let before = text[..<refusal.offset].last { !JSONByte.isSpace($0) }
            return text.contains(0) || before == JSONByte.comma && [0x5D, 0x7D].contains(text[refusal.offset])
        default: return text.contains(0)
        }
    }

    private indirect enum Plain {
        case object([(String, Plain)])
        case array([Plain])
        case string(String)
        case number(Double)
        case bool(Bool)
        case null
    }

    private static func plain(_ value: JSONValue) -> Plain {
        switch value.kind {
        case .object: .object(value.object()?.map { ($0.name, plain($0.value)) } ?? [])
        case .array: .array(value.array()?.map(plain) ?? [])
        case .string: .string(value.string() ?? "")
        case .number: .number(Double(String(decoding: value.text, as: UTF8.self)) ?? .nan)
        case .bool: .bool(value.bool() ?? false)
        case .null: .null
        }
    }

    /// Foundation refuses numbers that no Double holds.
    private static func isBeyondDouble(_ value: Plain) -> Bool {
        switch value {
        case .object(let members): members.contains { isBeyondDouble($0.1) }
        case .array(let elements): elements.contains(where: isBeyondDouble)
        case .number(let number): number.isInfinite || number == 0
        default: false
        }
    }

    private static func same(_ mine: Plain, _ theirs: Any) -> Bool {
        switch (mine, theirs) {
        case (.null, is NSNull): return true
        case (.string(let a), let b as String):
            // Foundation drops a byte order mark at the start of a string.
            let bytes = Array(a.utf8)
            return bytes == Array(b.utf8) || bytes.starts(with: [0xEF, 0xBB, 0xBF]) && bytes.dropFirst(3) == Array(b.utf8)[...]
        case (.bool(let a), let b as Bool): return a == b
        case (.number(let a), let b as NSNumber): return a.isInfinite || abs(a - b.doubleValue) <= abs(a) * 1e-12
        case (.array(let a), let b as [Any]): return a.count == b.count && zip(a, b).allSatisfy(same)
        case (.object(let a), let b as [String: Any]):
            // Foundation's dictionary keeps one of several members of one name.
            let names = Set(a.map(\.0))
            if names.count < a.count || b.count != names.count { return b.count <= names.count }
            return a.allSatisfy { name, value in b[name].map { same(value, $0) } ?? false }
        default: return false
        }
    }
}
