import TestKit
import Testing

@testable import HTTP

/// An event copied out of the parser's buffers.
private struct Seen: Equatable {
    var raw: String
    var name = ""
    var data: String?

    init(_ event: SSEEvent) {
        raw = String(decoding: event.raw, as: UTF8.self)
        name = String(decoding: event.name, as: UTF8.self)
        data = event.hasData ? String(decoding: event.data, as: UTF8.self) : nil
    }
}

struct SSEParserTests {
    private func parse(_ pieces: [[UInt8]]) throws -> (events: [Seen], rest: [UInt8]) {
        var parser = SSEParser()
        var events: [Seen] = []
        for piece in pieces {
            // The piece dies after the call, so an event must not need it later.
            try piece.withUnsafeBytes { bytes in try parser.feed(bytes) { events.append(Seen($0)) } }
        }
        return (events, parser.unfinished)
    }

    private func data(_ text: String) throws -> [String] { try parse([Array(text.utf8)]).events.compactMap(\.data) }

    @Test(arguments: [
        ("data: a\n\n", ["a"]), ("data:a\n\n", ["a"]), ("data:  a\n\n", [" a"]), ("data\n\n", [""]),
        ("data:\n\n", [""]),
        ("data: a\ndata: b\n\n", ["a\nb"]), ("data\ndata\n\n", ["\n"]), ("data: a\r\ndata: b\r\n\r\n", ["a\nb"]),
        ("data: a\rdata: b\r\r", ["a\nb"]), ("data: a\n\r\n", ["a"]), ("data: a\r\r\n", ["a"]),
        ("data: a\r\n\n", ["a"]),
        (": hello\n\n", []), (": hello\ndata: a\n\n", ["a"]), ("\n\n\n", []), ("id: 1\nretry: 5\n\n", []),
        ("Data: a\n\n", []), ("datax: a\n\n", []), (" data: a\n\n", []), ("data: a\n", []), ("data: a", []),
        ("data: {\"a\":\"b: c\"}\n\n", ["{\"a\":\"b: c\"}"]), ("\u{FEFF}data: a\n\ndata: b\n\n", ["a", "b"]),
        ("data: a\n\n\u{FEFF}data: b\n\n", ["a"]), ("data: é😀\n\n", ["é😀"]),
        ("data: a\n\ndata: [DONE]\n\n", ["a", "[DONE]"]),
    ])
    func `reads data as the standard says`(stream: String, expected: [String]) throws {
        #expect(try data(stream) == expected)
    }

    @Test func `gives the event's name`() throws {
        let events = try parse([Array("event: ping\ndata: {}\n\ndata: x\n\nevent: a\nevent: error\ndata:y\n\n".utf8)])
            .events
        #expect(events.map(\.name) == ["ping", "", "error"])
    }

    private static let stream = Array(
        """
        \u{FEFF}: hi\r\n\r\nid: 1\r\nevent: delta\r\ndata: {"a":1}\r\n\r\n: keep\n\ndata: one\ndata: two\n\n\r\rdata: cr\r\
        event: x\r\r\ndata: mixed\n\r\ndata: [DONE]\n\ndata: unfin
        """.utf8)

    @Test func `reads the same at every split`() throws {
        let whole = try parse([Self.stream])
        for cut in 0...Self.stream.count {
            let split = try parse([Array(Self.stream[..<cut]), Array(Self.stream[cut...])])
            #expect(split.events.map(\.data) == whole.events.map(\.data), "cut at \(cut)")
            #expect(split.events.map(\.name) == whole.events.map(\.name), "cut at \(cut)")
        }
    }

    @Test func `reads the same byte by byte`() throws {
        let whole = try parse([Self.stream])
        let bytes = try parse(Self.stream.map { [$0] })
        #expect(bytes.events.map(\.data) == whole.events.map(\.data))
        #expect(whole.events.compactMap(\.data) == [#"{"a":1}"#, "one\ntwo", "cr", "mixed", "[DONE]"])
    }

    @Test func `the raw blocks and the rest are the stream, at every split`() throws {
        for cut in 0...Self.stream.count {
            let (events, rest) = try parse([Array(Self.stream[..<cut]), Array(Self.stream[cut...])])
            #expect(events.flatMap { Array($0.raw.utf8) } + rest == Self.stream, "cut at \(cut)")
        }
    }

    @Test func `hands over an event with the byte that completes its blank line`() throws {
        for ending in ["\n\n", "\r\r", "\r\n\r"] {
            #expect(try data("data: a" + ending) == ["a"])
        }
    }

    @Test func `random pieces of a random stream read the same`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix(state: seed)
        let words = ["data: ", "data", ":", "event: x", "a", "\n", "\r", "\r\n", "\n\n", " ", "\r\n\r\n", "é", "id: 7"]
        for round in 0..<300 {
            let stream = (0..<40).flatMap { _ in Array((words.randomElement(using: &random) ?? "").utf8) }
            var pieces: [[UInt8]] = []
            var index = 0
            while index < stream.count {
                let next = min(stream.count, index + Int.random(in: 1...9, using: &random))
                pieces.append(Array(stream[index..<next]))
                index = next
            }
            let whole = try parse([stream])
            let split = try parse(pieces)
            #expect(split.events.compactMap(\.data) == whole.events.compactMap(\.data), "seed \(seed), round \(round)")
            #expect(split.events.flatMap { Array($0.raw.utf8) } + split.rest == stream, "seed \(seed), round \(round)")
        }
    }

    @Test func `refuses a block over the limit, in one piece or in many`() throws {
        let line = Array("data: 0123456789\n".utf8)
        var parser = SSEParser(eventBytesMax: 100)
        #expect(throws: SSEError.eventTooLarge(limit: 100)) {
            for _ in 0..<10 { try line.withUnsafeBytes { try parser.feed($0) { _ in } } }
        }
        var other = SSEParser(eventBytesMax: 100)
        let long = [UInt8](repeating: 0x61, count: 101)
        #expect(throws: SSEError.eventTooLarge(limit: 100)) { try long.withUnsafeBytes { try other.feed($0) { _ in } } }
    }

    @Test func `a long stream of small events holds nothing back`() throws {
        var parser = SSEParser(eventBytesMax: 64)
        let event = Array("data: 0123456789\n\n".utf8)
        var count = 0
        for _ in 0..<1_000 { try event.withUnsafeBytes { try parser.feed($0) { _ in count += 1 } } }
        #expect(count == 1_000)
        #expect(parser.unfinished.isEmpty)
    }

    @Test func `recognises the end marker without reading it as text`() throws {
        var parser = SSEParser()
        var marks: [Bool] = []
        let stream = Array("data: [DONE]\n\ndata: [DONE] \n\n: x\n\nevent: error\ndata: e\n\n".utf8)
        try stream.withUnsafeBytes {
            try parser.feed($0) { marks.append($0.dataEquals("[DONE]") || $0.isNamed("error")) }
        }
        #expect(marks == [true, false, false, true])
    }
}
