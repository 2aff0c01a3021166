internal import HTTP

/// A field of a call's head by which a repeated call is known, or that has it hold only for what the caller saw; a value.
enum RequestField: String, CaseIterable, Sendable {
    case idempotencyKey = "Idempotency-Key"
    case ifMatch = "If-Match"
    case ifNoneMatch = "If-None-Match"

    /// As messages have it.
    var name: String { rawValue.lowercased() }

    /// Of a call that changes something; a GET takes any tags.
    func shape(_ method: Method) -> AdminShape {
        switch self {
        case .idempotencyKey: .text(bytesMax: AdminCall.idempotencyKeyBytesMax)
        case .ifMatch: .string
        case .ifNoneMatch: method == .get ? .string : .choice(["*"])
        }
    }

    func about(_ method: Method) -> String {
        switch self {
        case .idempotencyKey: "what tells a repeated call, which is done once, from another one"
        case .ifMatch: "the ETag of what the caller saw, or * for whatever is there: else the answer is 412"
        case .ifNoneMatch: method == .get ? "the ETag that the caller knows: 304 where that is the present one" : "* where nothing may be there yet: else the answer is 412"
        }
    }
}

extension AdminRoute {
    /// Whether the call heeds it. What it does not heed and would change what the call means is refused.
    func heeds(_ field: RequestField) -> Bool { fields.contains(field) || field == .ifNoneMatch && method == .get }

    /// Throws for a condition that would not be held: whoever set it relies on it.
    func requireHeeded(_ request: AdminRequest) throws(Problem) {
        for field in [RequestField.ifMatch, .ifNoneMatch] where !heeds(field) && request.headers.contains(field.name) {
            throw Problem(.malformed, "this call takes no \(field.rawValue)")
        }
    }

    /// Throws where `Accept` names nothing that the call answers. Pages see to that themselves.
    func requireAcceptable(_ request: AdminRequest) throws(Problem) {
        let type = String(contentType.prefix { $0 != ";" })
        guard !request.isPage, MediaRange.best(of: [type], for: request.headers.values("accept")) == nil else { return }
        throw Problem(.notAcceptable, "this call answers with \(type)")
    }
}

extension AdminRequest {
    /// Whether If-None-Match (RFC 9110 §13.1.2) names what there is, by the weak comparison.
    func knows(_ etag: String) -> Bool {
        headers.values(RequestField.ifNoneMatch.name).flatMap { $0.split(separator: ",") }.contains { tag in
            let tag = tag.drop { $0 == " " }.prefix { $0 != " " }
            return tag == "*" || (tag.hasPrefix("W/") ? tag.dropFirst(2) : tag) == etag[...]
        }
    }

    /// Throws where the body is of another type, or written in another way than this program reads.
    func requireBody(of type: String) throws(Problem) {
        let parts = (field("content-type") ?? "").split(separator: ";").map { $0.lowercased().filter { $0 != " " && $0 != "\t" && $0 != "\"" } }
        let charsets = parts.dropFirst().filter { $0.hasPrefix("charset=") }
        guard parts.first == type else { throw Problem(.unsupportedMediaType, "the body is to be \(type)") }
        guard charsets.allSatisfy({ $0 == "charset=utf-8" }) else { throw Problem(.unsupportedMediaType, "the body is to be in UTF-8") }
        guard headers.values("content-encoding").allSatisfy({ $0.lowercased() == "identity" }) else {
            throw Problem(.unsupportedMediaType, "the body is to have no Content-Encoding")
        }
    }
}
