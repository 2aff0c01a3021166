/// The parts of a request line (RFC 9112 §3).
struct RequestLine {
    var method: Method
    /// Path and query.
    var target: Range<Int>
    var path: Range<Int>
    /// The authority of a target in absolute form.
    var authority: Range<Int>?
    var minorVersion: Int
    /// Where the field lines begin.
    var end: Int

    private static let methodBytesMax = 32

    /// Parses the first line of `bytes`, a whole head.
    static func parse(_ bytes: UnsafeRawBufferPointer) throws(MessageFault) -> RequestLine {
        var position = 0
        while Bytes.isToken(bytes[position]) { position += 1 }
        guard position > 0, bytes[position] == Bytes.space else {
            throw .badRequest("The request line does not begin with a method and a space.")
        }
        let method = try method(bytes.slice(0..<position))
        let targetStart = position + 1
        position = targetStart
        while isTargetByte(bytes[position]) { position += 1 }
        guard position > targetStart, bytes[position] == Bytes.space else {
            throw .badRequest("The request target is missing or holds an illegal character.")
        }
        let target = targetStart..<position
        let minorVersion = try version(bytes, &position)
        var line = RequestLine(method: method, target: target, path: target, minorVersion: minorVersion, end: position)
        try line.splitTarget(bytes)
        return line
    }

    /// Visible ASCII without what no target may hold raw: a fragment, a backslash, quotes, angle brackets.
    private static func isTargetByte(_ byte: UInt8) -> Bool {
        guard byte > 0x20, byte < 0x7f else { return false }
        switch byte {
        case UInt8(ascii: "#"), UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"): return false
        default: return true
        }
    }

    private static func method(_ bytes: UnsafeRawBufferPointer) throws(MessageFault) -> Method {
        if bytes.count > methodBytesMax { throw MessageFault(status: 501, reason: "The method is not known.") }
        let method = Method(rawValue: String(decoding: bytes, as: UTF8.self))
        if method.rawValue == "CONNECT" || method.rawValue == "TRACE" {
            throw MessageFault(status: 405, reason: "The method is not allowed.")
        }
        return method
    }

    /// Reads ` HTTP/1.1` and the line's end at `position`.
    private static func version(_ bytes: UnsafeRawBufferPointer, _ position: inout Int) throws(MessageFault) -> Int {
        let start = position + 1
        let name: StaticString = "http/"
        guard bytes.count >= start + 10, bytes[start] == UInt8(ascii: "H"), bytes[start + 1] == UInt8(ascii: "T"),
              bytes[start + 2] == UInt8(ascii: "T"), bytes[start + 3] == UInt8(ascii: "P"),
              bytes.slice(start..<start + 5).equalsIgnoringCase(name),
              Bytes.isDigit(bytes[start + 5]), bytes[start + 6] == UInt8(ascii: "."), Bytes.isDigit(bytes[start + 7]),
              bytes[start + 8] == Bytes.carriageReturn, bytes[start + 9] == Bytes.lineFeed
        else { throw .badRequest("The request line does not end with an HTTP version.") }
        guard bytes[start + 5] == UInt8(ascii: "1") else {
            throw MessageFault(status: 505, reason: "The HTTP version is not supported.")
        }
        position = start + 10
        return bytes[start + 7] == UInt8(ascii: "0") ? 0 : 1
    }

    /// Tells the four forms of a target apart (RFC 9112 §3.2).
    private mutating func splitTarget(_ bytes: UnsafeRawBufferPointer) throws(MessageFault) {
        let first = bytes[target.lowerBound]
        if first == UInt8(ascii: "*") {
            guard target.count == 1, method == .options else { throw .badRequest("The request target is not a path.") }
        } else if first != UInt8(ascii: "/") {
            try splitAbsolute(bytes)
        }
        let mark = target.first { bytes[$0] == UInt8(ascii: "?") }
        path = target.lowerBound..<(mark ?? target.upperBound)
    }

    private mutating func splitAbsolute(_ bytes: UnsafeRawBufferPointer) throws(MessageFault) {
        let text = bytes.slice(target)
        let schemeCount = text.starts(with: "http://".utf8) ? 7 : text.starts(with: "https://".utf8) ? 8 : 0
        guard schemeCount > 0 else { throw .badRequest("The request target is not a path.") }
        let start = target.lowerBound + schemeCount
        let end = (start..<target.upperBound).first {
            bytes[$0] == UInt8(ascii: "/") || bytes[$0] == UInt8(ascii: "?")
        } ?? target.upperBound
        guard end > start else { throw .badRequest("The request target names no host.") }
        authority = start..<end
        target = end..<target.upperBound
    }
}
