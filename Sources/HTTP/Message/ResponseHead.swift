/// The head of an answer.
package struct ResponseHead: Sendable {
    /// Between 100 and 599.
    package var status: Int
    package var headers: Headers

    package init(status: Int, headers: Headers = Headers()) {
        self.status = status
        self.headers = headers
    }
}

/// A response head together with what the connection itself must know.
struct ParsedResponse {
    var head: ResponseHead
    var framing: BodyFraming
    var keepsAlive: Bool
}

extension ParsedResponse {
    /// Parses a whole head. `isAnswerToHead`: the request was a HEAD, whose answer has no body whatever it says.
    static func parse(
        _ bytes: UnsafeRawBufferPointer, headerCountMax: Int, isAnswerToHead: Bool
    ) throws(MessageFault) -> ParsedResponse {
        var position = 0
        let (status, minorVersion) = try statusLine(bytes, &position)
        let fields = try Headers.parseFields(bytes, from: position, countMax: headerCountMax)
        let rules = try ResponseRules.check(bytes, fields)
        let hasBody = !isAnswerToHead && status >= 200 && status != 204 && status != 304
        let framing = try rules.framing(minorVersion: minorVersion)
        let keepsAlive = minorVersion == 1 ? !rules.saysClose : rules.saysKeepAlive && !rules.saysClose
        var headers = Headers(bytes: [UInt8](bytes), fields: fields)
        if rules.hasConnectionFields { headers.removeConnectionFields() }
        return ParsedResponse(
            head: ResponseHead(status: status, headers: headers), framing: hasBody ? framing : .none,
            keepsAlive: keepsAlive && (framing != .untilClose || !hasBody))
    }

    /// RFC 9110 §15: what is outside means nothing.
    private static let statuses = 100...599

    private static func statusLine(
        _ bytes: UnsafeRawBufferPointer, _ position: inout Int
    ) throws(MessageFault) -> (status: Int, minorVersion: Int) {
        guard bytes.count >= 15, bytes.starts(with: "HTTP/1.".utf8), Bytes.isDigit(bytes[7]), bytes[8] == Bytes.space,
              let status = bytes.slice(9..<12).decimal, statuses.contains(status)
        else { throw .badRequest("The answer does not begin with a status line.") }
        position = 12
        if bytes[position] == Bytes.space {
            while Bytes.isFieldContent(bytes[position]) { position += 1 }
        }
        guard bytes[position] == Bytes.carriageReturn, bytes[position + 1] == Bytes.lineFeed else {
            throw .badRequest("The status line holds an illegal character.")
        }
        position += 2
        return (status, bytes[7] == UInt8(ascii: "0") ? 0 : 1)
    }
}

/// What the fields of an answer say about the connection and the body.
struct ResponseRules {
    var saysClose = false
    var saysKeepAlive = false
    var hasConnectionFields = false
    private var length: Int?
    private var transferCodings = 0
    private var isChunked = false

    static func check(
        _ bytes: UnsafeRawBufferPointer, _ fields: [Headers.Field]
    ) throws(MessageFault) -> ResponseRules {
        var rules = ResponseRules()
        for field in fields { try rules.note(bytes.slice(field.name), bytes.slice(field.value)) }
        return rules
    }

    func framing(minorVersion: Int) throws(MessageFault) -> BodyFraming {
        guard transferCodings > 0 else { return length.map { $0 == 0 ? .none : .length($0) } ?? .untilClose }
        guard length == nil, minorVersion > 0, transferCodings == 1, isChunked else {
            throw .badRequest("The answer's Transfer-Encoding is not one that can be trusted.")
        }
        return .chunked
    }

    private mutating func note(
        _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer
    ) throws(MessageFault) {
        switch name.count {
        case 10 where name.equalsIgnoringCase("connection"):
            hasConnectionFields = true
            noteConnection(value)
        case 14 where name.equalsIgnoringCase("content-length"):
            guard length == nil, let count = value.contentLength else {
                throw .badRequest("The answer's Content-Length is not one number.")
            }
            length = count
        case 17 where name.equalsIgnoringCase("transfer-encoding"):
            hasConnectionFields = true
            transferCodings += 1
            isChunked = value.equalsIgnoringCase("chunked")
        default: if HopByHop.isConnectionField(name) { hasConnectionFields = true }
        }
    }

    private mutating func noteConnection(_ value: UnsafeRawBufferPointer) {
        value.forEachListElement { element in
            if element.equalsIgnoringCase("close") { saysClose = true }
            if element.equalsIgnoringCase("keep-alive") { saysKeepAlive = true }
        }
    }
}
