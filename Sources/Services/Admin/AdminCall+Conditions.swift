internal import HTTP

/// What a call says of itself in its head.
extension AdminCall {
    /// Throws `changedMeanwhile` where If-Match (RFC 9110 §13.1.1) names none of what is there; `etag` is that of the GET, nil where nothing is.
    func requireMatch(_ etag: () throws -> String?) throws {
        guard request.headers.contains("if-match") else { return }
        let other = Problem(.changedMeanwhile, "it is not as it was read")
        guard let wanted = request.field("if-match"), let present = try etag() else { throw other }
        if wanted == "*" { return }
        let tags = wanted.split(separator: ",").map { $0.drop { $0 == " " } }.map { $0.prefix { $0 != " " } }
        guard tags.contains(present[...]) else { throw other }
    }

    /// Whether If-Match names what was read, and not only that there is something.
    var isConditional: Bool { request.headers.contains("if-match") && request.field("if-match") != "*" }

    /// Nil for a call that will not be repeated.
    func idempotencyKey() throws(Problem) -> String? {
        let keys = request.headers.values("idempotency-key")
        guard let key = keys.first else { return nil }
        guard keys.count == 1, (1...Self.idempotencyKeyBytesMax).contains(key.utf8.count) else {
            throw Problem(.malformed, "Idempotency-Key stands once and has 1 to \(Self.idempotencyKeyBytesMax) bytes")
        }
        return key
    }

    private static let idempotencyKeyBytesMax = 255
}
