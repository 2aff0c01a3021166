/// What the fields of a request say about the connection and the body, checked against each other.
struct RequestRules {
    var host: Range<Int>?
    var saysClose = false
    var saysKeepAlive = false
    var expectsContinue = false
    var hasConnectionFields = false
    var hasOrigin: Bool { seen.contains(.origin) }
    private var length: Int?
    private var transferCodings = 0
    private var isChunked = false
    private var seen: Single = []

    /// Fields that a request may hold once: two of them would leave it to each reader which one counts.
    private struct Single: OptionSet {
        let rawValue: UInt16
        static let host = Single(rawValue: 1)
        static let length = Single(rawValue: 2)
        static let authorization = Single(rawValue: 4)
        static let contentType = Single(rawValue: 8)
        static let contentEncoding = Single(rawValue: 16)
        static let expect = Single(rawValue: 32)
        static let apiKey = Single(rawValue: 64)
        /// `api-key`, as Azure's clients call it.
        static let shortAPIKey = Single(rawValue: 128)
        static let origin = Single(rawValue: 256)
        /// `x-goog-api-key`, as Google's clients call it.
        static let googleAPIKey = Single(rawValue: 512)
    }

    static func check(
        _ bytes: UnsafeRawBufferPointer, _ fields: [Headers.Field], minorVersion: Int
    ) throws(MessageFault) -> RequestRules {
        var rules = RequestRules()
        for field in fields { try rules.note(bytes, field) }
        if rules.host == nil, minorVersion > 0 { throw .badRequest("The Host header is missing.") }
        return rules
    }

    /// Transfer-Encoding beside Content-Length, or from a client older than it, is how requests are smuggled
    /// (RFC 9112 §6.1, §11.2): refused, whatever it says.
    func framing(_ bytes: UnsafeRawBufferPointer, minorVersion: Int) throws(MessageFault) -> BodyFraming {
        guard transferCodings > 0 else { return length.map { $0 == 0 ? .none : .length($0) } ?? .none }
        if length != nil { throw .badRequest("Content-Length and Transfer-Encoding are both present.") }
        if minorVersion == 0 { throw .badRequest("HTTP/1.0 has no Transfer-Encoding.") }
        if transferCodings > 1 { throw .badRequest("Transfer-Encoding is present more than once.") }
        if !isChunked { throw MessageFault(status: 501, reason: "The transfer coding is not supported.") }
        return .chunked
    }

    private mutating func note(
        _ bytes: UnsafeRawBufferPointer, _ field: Headers.Field
    ) throws(MessageFault) {
        let name = bytes.slice(field.name)
        let value = bytes.slice(field.value)
        switch name.count {
        case 4 where name.equalsIgnoringCase("host"): try noteHost(value, field.value)
        case 6 where name.equalsIgnoringCase("expect"): try noteExpect(value)
        case 6 where name.equalsIgnoringCase("origin"): try noteOnce(.origin)
        case 7 where name.equalsIgnoringCase("api-key"): try noteOnce(.shortAPIKey)
        case 9 where name.equalsIgnoringCase("x-api-key"): try noteOnce(.apiKey)
        case 10 where name.equalsIgnoringCase("connection"): noteConnection(value)
        case 12 where name.equalsIgnoringCase("content-type"): try noteOnce(.contentType)
        case 13 where name.equalsIgnoringCase("authorization"): try noteOnce(.authorization)
        case 14 where name.equalsIgnoringCase("content-length"): try noteLength(value)
        case 14 where name.equalsIgnoringCase("x-goog-api-key"): try noteOnce(.googleAPIKey)
        case 16 where name.equalsIgnoringCase("content-encoding"): try noteOnce(.contentEncoding)
        case 17 where name.equalsIgnoringCase("transfer-encoding"): noteCoding(value)
        case 14 where name.readsAs("content-length"), 17 where name.readsAs("transfer-encoding"):
            throw .badRequest("A header name may be read as one that frames the body.")
        default: if HopByHop.isConnectionField(name) { hasConnectionFields = true }
        }
    }

    private mutating func noteOnce(_ field: Single) throws(MessageFault) {
        if seen.contains(field) { throw .badRequest("A header that may be present once is present twice.") }
        seen.insert(field)
    }

    private mutating func noteHost(
        _ value: UnsafeRawBufferPointer, _ range: Range<Int>
    ) throws(MessageFault) {
        try noteOnce(.host)
        guard Authority.isValid(value) else { throw .badRequest("The Host header is not a host and port.") }
        host = range
    }

    private mutating func noteExpect(_ value: UnsafeRawBufferPointer) throws(MessageFault) {
        try noteOnce(.expect)
        guard value.equalsIgnoringCase("100-continue") else {
            throw MessageFault(status: 417, reason: "The expectation cannot be met.")
        }
        expectsContinue = true
    }

    private mutating func noteConnection(_ value: UnsafeRawBufferPointer) {
        hasConnectionFields = true
        value.forEachListElement { element in
            if element.equalsIgnoringCase("close") { saysClose = true }
            if element.equalsIgnoringCase("keep-alive") { saysKeepAlive = true }
        }
    }

    private mutating func noteLength(_ value: UnsafeRawBufferPointer) throws(MessageFault) {
        try noteOnce(.length)
        guard let count = value.contentLength else { throw .badRequest("Content-Length is not a number.") }
        length = count
    }

    private mutating func noteCoding(_ value: UnsafeRawBufferPointer) {
        hasConnectionFields = true
        transferCodings += 1
        isChunked = value.equalsIgnoringCase("chunked")
    }
}
