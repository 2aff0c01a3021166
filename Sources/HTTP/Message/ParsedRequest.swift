/// A request head together with what the connection itself must know.
struct ParsedRequest {
    var head: RequestHead
    var framing = BodyFraming.none
    var keepsAlive = true
    var expectsContinue = false
}

extension ParsedRequest {
    /// Parses a whole head, from its request line to its empty line.
    static func parse(_ bytes: UnsafeRawBufferPointer, headerCountMax: Int) throws(MessageFault) -> ParsedRequest {
        let line = try RequestLine.parse(bytes)
        let fields = try Headers.parseFields(bytes, from: line.end, countMax: headerCountMax)
        let rules = try RequestRules.check(bytes, fields, minorVersion: line.minorVersion)
        if let authority = line.authority { try matchAuthority(bytes, authority, rules.host) }
        let head = RequestHead(
            method: line.method, headers: Headers(bytes: [UInt8](bytes), fields: fields),
            minorVersion: line.minorVersion, hasOrigin: rules.hasOrigin, target: line.target, path: line.path)
        var request = ParsedRequest(head: head)
        request.framing = try rules.framing(bytes, minorVersion: line.minorVersion)
        request.keepsAlive = line.minorVersion == 1 ? !rules.saysClose : rules.saysKeepAlive && !rules.saysClose
        request.expectsContinue = rules.expectsContinue && line.minorVersion == 1 && request.framing != .none
        if rules.hasConnectionFields { request.head.headers.removeConnectionFields() }
        return request
    }

    /// The authority of an absolute target must be the one that `Host` names, or two servers on the way could take the
    /// request for two different ones (RFC 9112 §3.2.2).
    private static func matchAuthority(
        _ bytes: UnsafeRawBufferPointer, _ authority: Range<Int>, _ host: Range<Int>?
    ) throws(MessageFault) {
        guard let host, bytes.slice(authority).equalsIgnoringCase(bytes.slice(host)) else {
            throw .badRequest("The target's authority and the Host header differ.")
        }
    }
}
