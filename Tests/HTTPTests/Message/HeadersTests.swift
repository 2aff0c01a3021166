@testable import HTTP
import TestKit
import Testing

@Suite struct HeadersTests {
    @Test func `finds names whatever their case`() {
        let headers: Headers = ["Content-Type": "a/b", "X": "1", "x": "2"]
        #expect(headers["content-TYPE"] == "a/b")
        #expect(headers.values("X") == ["1", "2"])
        #expect(headers["y"] == nil)
    }

    @Test func `removes and sets`() {
        var headers: Headers = ["A": "1", "B": "2", "a": "3"]
        headers.remove("A")
        #expect(headers.description == "B: 2")
        headers.set("b", "4")
        #expect(headers.description == "b: 4")
    }

    @Test func `reads lists of tokens, and none that holds anything else`() {
        let headers: Headers = ["A": "b, c ,", "a": "d", "B": "c, d e", "C": "", "D": "\"x\""]
        #expect(headers.tokens("a") == ["b", "c", "d"])
        #expect(headers.tokens("b") == nil)
        #expect(headers.tokens("c") == [])
        #expect(headers.tokens("d") == nil)
        #expect(headers.tokens("e") == [])
    }

    @Test func `lets no value begin a line of its own`() {
        var headers = Headers()
        headers.add("a", "b\r\nc: d\u{0}")
        headers.add(named: "e\r\nf", "g")
        headers.add(named: "", "h")
        #expect(headers.description == "a: b  c: d ")
    }
}

@Suite struct OutputBufferTests {
    @Test func `fields that were only added go out as they lie, without those of the connection`() {
        var headers: Headers = ["content-type": "text/plain", "x-a": " 1 "]
        headers.add("x-count", decimal: -12)
        #expect(text { $0.appendFields(headers) } == "content-type: text/plain\r\nx-a: 1\r\nx-count: -12\r\n")
        for name in ["Content-Length", "connection", "Transfer-Encoding", "keep-alive"] {
            var mixed = headers
            mixed.add(named: name, "5")
            #expect(text { $0.appendFields(mixed) } == text { $0.appendFields(headers) })
        }
        headers.remove("x-a")
        #expect(text { $0.appendFields(headers) } == "content-type: text/plain\r\nx-count: -12\r\n")
    }

    private func text(_ write: (inout OutputBuffer) -> Void) -> String {
        var buffer = OutputBuffer()
        write(&buffer)
        return buffer.withReadable { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: [(0, "0", "0"), (9, "9", "9"), (10, "10", "a"), (255, "255", "ff"), (65_536, "65536", "10000")])
    func `writes numbers`(_ value: Int, _ decimal: String, _ hexadecimal: String) {
        #expect(text { $0.append(decimal: value) } == decimal)
        #expect(text { $0.append(hexadecimal: value) } == hexadecimal)
    }

    @Test func `gives back what was appended, in pieces of any size`() {
        var buffer = OutputBuffer()
        var random = SplitMix(state: 7)
        var written: [UInt8] = []
        var read: [UInt8] = []
        for _ in 0..<200 {
            let piece = [UInt8](repeating: UInt8(truncatingIfNeeded: random.next()), count: Int(random.next() % 3000))
            written += piece
            buffer.append(piece)
            let count = Int(random.next() % UInt64(buffer.count + 1))
            buffer.withReadable { read += $0[..<count] }
            buffer.consume(count)
        }
        buffer.withReadable { read += $0 }
        #expect(read == written)
    }
}

@Suite struct HTTPDateTests {
    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (4_102_444_799, "Thu, 31 Dec 2099 23:59:59 GMT"),
    ])
    func `formats`(_ seconds: Int64, _ text: String) {
        #expect(HTTPDate.text(secondsSince1970: seconds) == text)
    }
}
