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

    /// Parses the first line of `bytes`, a whole head.
    static func parse(_ bytes: UnsafeRawBufferPointer) throws(MessageFault) -> RequestLine {
        var position = 0
        while Bytes.isToken(bytes[position]) { position += 1 }
        guard position > 0, bytes[position] == Bytes.space else {
            throw .badRequest("The request line does not begin with a method and a space.")
        }
        let name = bytes.slice(0..<position)
        let targetStart = position + 1
        position = targetStart
        while Bytes.isTarget(bytes[position]) { position += 1 }
        guard position > targetStart, bytes[position] == Bytes.space else {
            throw .badRequest("The request target is missing or holds an illegal character.")
        }
        let target = targetStart..<position
        // The version first: what is no HTTP/1 at all, such as the preface of HTTP/2, is told so.
        let minorVersion = try version(bytes, &position)
        var line = RequestLine(method: try method(name), target: target, path: target, minorVersion: minorVersion, end: position)
        try line.splitTarget(bytes)
        return line
    }

    private static func method(_ bytes: UnsafeRawBufferPointer) throws(MessageFault) -> Method {
        if bytes.equals("POST") { return .post }
        if bytes.equals("GET") { return .get }
        for method in Method.known where bytes.elementsEqual(method.rawValue.utf8) { return method }
        // Known, and never served: the first would tunnel, the second would echo credentials, and nothing here asks by the third.
        if bytes.equals("CONNECT") || bytes.equals("TRACE") || bytes.equals("QUERY") { throw .methodNotAllowed }
        throw .methodUnknown
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
        let minorVersion = bytes[start + 7] &- UInt8(ascii: "0")
        guard bytes[start + 5] == UInt8(ascii: "1"), minorVersion <= 1 else {
            throw MessageFault(status: 505, reason: "The HTTP version is not supported.")
        }
        position = start + 10
        return Int(minorVersion)
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
        // What is sent on begins with a slash; putting one in would change what was signed or counted.
        guard end == target.upperBound || bytes[end] == UInt8(ascii: "/") else {
            throw .badRequest("The request target has a query and no path.")
        }
        authority = start..<end
        target = end..<target.upperBound
    }
}
