import TestKit
import Testing

@testable import HTTP

@Suite struct MultipartTests {
    private static let type = "multipart/form-data; boundary=XyZ"
    private static let form = """
        --XyZ\r
        Content-Disposition: form-data; name="model"\r
        \r
        whisper-1\r
        --XyZ\r
        Content-Disposition: form-data; name="file"; filename="a \\b.wav"\r
        Content-Type: audio/wav\r
        \r
        \r
        RIFF--Xy\r\n--\r
        --XyZ\r
        content-disposition: FORM-DATA; NAME=empty\r
        \r
        \r
        --XyZ--\r

        """

    private struct Part: Equatable {
        var name: String
        var isFile: Bool
        var content: String
    }

    private func read(_ form: String, type: String = type) throws -> [Part] {
        try read(Array(form.utf8), type: type)
    }

    private func read(_ form: [UInt8], type: String = type) throws -> [Part] {
        let boundary = try #require(MultipartBoundary(["content-type": type]))
        return try form.withUnsafeBytes { bytes in
            try MultipartScan(bytes, boundary).parts.map {
                Part(name: $0.name, isFile: $0.isFile, content: String(decoding: bytes[$0.content], as: UTF8.self))
            }
        }
    }

    private func reason(_ form: String) -> MultipartError.Reason? {
        do { _ = try read(form) } catch { return (error as? MultipartError)?.reason }
        return nil
    }

    @Test func `a form is taken apart, and contents are what stands between`() throws {
        #expect(try read(Self.form) == [
            Part(name: "model", isFile: false, content: "whisper-1"),
            Part(name: "file", isFile: true, content: "\r\nRIFF--Xy\r\n--"), Part(name: "empty", isFile: false, content: ""),
        ])
    }

    @Test func `a form that is cut anywhere is refused, but for the end of its last line`() throws {
        let bytes = Array(Self.form.utf8)
        for end in bytes.indices where end != bytes.count - 2 {
            #expect(throws: MultipartError.self, "cut at \(end)") { try read(Array(bytes[..<end])) }
        }
        #expect(try read(Array(bytes.dropLast(2))).count == 3)
    }

    @Test func `a line's end is lost or doubled nowhere unseen`() throws {
        let bytes = Array(Self.form.utf8)
        let whole = try read(bytes)
        for index in bytes.indices where bytes[index] == 0x0D || bytes[index] == 0x0A {
            var changed = bytes
            changed.remove(at: index)
            // Inside of a content it is content.
            if let read = try? read(changed) { #expect(read.map(\.name) == whole.map(\.name) && read[0] == whole[0], "without byte \(index)") }
        }
    }

    @Test(arguments: [
        ("multipart/form-data; boundary=abc", "--abc"), ("Multipart/Form-Data;boundary=\"a b'()+_,-./:=?\"", "--a b'()+_,-./:=?"),
        ("multipart/form-data; charset=utf-8; BOUNDARY=abc;", "--abc"),
    ])
    func `a boundary is found`(type: String, delimiter: String) {
        let boundary = MultipartBoundary(["content-type": type])
        #expect(boundary?.delimiter == Array(delimiter.utf8))
        #expect(boundary.flatMap { MultipartBoundary(["content-type": $0.contentType]) } == boundary)
    }

    @Test(arguments: [
        "application/json", "multipart/form-data", "multipart/mixed; boundary=abc", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"",
        "multipart/form-data; boundary=a; boundary=b", "multipart/form-data; boundary=a; boundary=a", "multipart/form-data boundary=a",
        "multipart/form-data; boundary=\"a \"", "multipart/form-data; boundary=\"a", "multipart/form-data; boundary=\"a\\\"b\"",
        "multipart/form-data; boundary=a b", "multipart/form-data; boundary=é", "multipart/form-data; boundary=a, b",
        "multipart/form-data; boundary=" + String(repeating: "a", count: 71),
    ])
    func `a content type that readers could take for two is none of a form's`(type: String) {
        #expect(MultipartBoundary(["content-type": type]) == nil)
    }

    @Test func `two content types are none`() {
        #expect(MultipartBoundary(["content-type": "multipart/form-data; boundary=a", "Content-Type": "multipart/form-data; boundary=a"]) == nil)
    }

    private static func one(_ head: String, _ content: String = "x") -> String { "--XyZ\r\n\(head)\r\n\r\n\(content)\r\n--XyZ--\r\n" }
    private static let named = "Content-Disposition: form-data; name=\"a\""

    private static let refused: [(form: String, reason: MultipartError.Reason)] = [
        ("", .noDelimiter),
        ("x\r\n\(one(named))", .noDelimiter),
        ("\r\n\(one(named))", .noDelimiter),
        ("\(one(named))x", .trailingBytes),
        ("\(one(named))\r\n", .trailingBytes),
        (one(named, "x--XyZ"), .strayDelimiter),
        (one(named, "x\n--XyZ\r\n"), .strayDelimiter),
        (one(named, "x\r\n--XyZ \r\n"), .strayDelimiter),
        (one(named, "x\r\n--XyZa\r\n"), .strayDelimiter),
        (one(named, "x\r\n--XyZ-\r\n"), .strayDelimiter),
        ("--XyZ\r\n--XyZ--", .strayDelimiter),
        (one(""), .noDisposition),
        (one("X: y"), .noDisposition),
        (one("\(named)\r\n\(named)"), .noDisposition),
        (one("Content-Disposition: attachment; name=\"a\""), .noDisposition),
        (one("Content-Disposition: form-data"), .badName),
        (one("Content-Disposition: form-data; name=\"\""), .badName),
        (one("Content-Disposition: form-data; name=\"a\"; name=\"b\""), .badName),
        (one("\(named); name*=utf-8''b"), .badName),
        (one("Content-Disposition: form-data; name=\"a"), .badName),
        (one("Content-Disposition: form-data; name=\"a\\\"; name=\"b\""), .badName),
        (one("\(named); filename=\"x\\\"; name=\"b\""), .badName),
        (one("Content-Disposition: form-data; name=a b"), .badName),
        (one("\(named)\r\n folded: x"), .badField),
        (one("\(named)\r\nX"), .badField),
        (one("\(named)\nX: y"), .badField),
        (one("\(named)\rX: y"), .badField),
        (one("\(named)\r\n: y"), .badField),
        (one("\(named)\r\nX : y"), .badField),
        (one("\(named)\r\nX: \u{1}"), .badField),
        (one("\(named)\r\nContent-Transfer-Encoding: base64"), .encoded),
        (one("\(named)\r\nX: \(String(repeating: "y", count: 4096))"), .headTooLarge),
        (one("\(named)\(String(repeating: "\r\nX: y", count: 16))"), .headTooLarge),
        ("\(String(repeating: "--XyZ\r\n\(named)\r\n\r\nx\r\n", count: 129))--XyZ--", .tooManyParts),
    ]

    @Test(arguments: refused)
    func `what two readers could take apart differently is refused`(form: String, reason: MultipartError.Reason) {
        #expect(self.reason(form) == reason, "\(form.prefix(200))")
    }

    @Test func `a name that is there twice is refused where it is looked for alone`() throws {
        let form = Array("\(Self.one(Self.named).dropLast(8))\(Self.one(Self.named))".utf8)
        let boundary = try #require(MultipartBoundary(["content-type": Self.type]))
        try form.withUnsafeBytes { bytes in
            let scan = try MultipartScan(bytes, boundary)
            #expect(scan.parts.count == 2)
            #expect(try scan.only("b") == nil)
            #expect(throws: MultipartError.self) { try scan.only("a") }
        }
    }

    @Test func `a form of nothing but hyphens is read in one pass`() {
        let boundary = String(repeating: "-", count: 69) + "x"
        var form = Array("--\(boundary)\r\n\(Self.named)\r\n\r\n".utf8)
        form += [UInt8](repeating: UInt8(ascii: "-"), count: 24 << 20) + Array("\r\n--\(boundary)--".utf8)
        #expect(throws: Never.self) { try read(form, type: "multipart/form-data; boundary=\(boundary)") }
    }
}
