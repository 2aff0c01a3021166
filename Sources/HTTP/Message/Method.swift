/// A request method; case matters (RFC 9110 §9.1).
package struct Method: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }

    package static let get = Method(rawValue: "GET")
    package static let head = Method(rawValue: "HEAD")
    package static let post = Method(rawValue: "POST")
    package static let put = Method(rawValue: "PUT")
    package static let patch = Method(rawValue: "PATCH")
    package static let delete = Method(rawValue: "DELETE")
    package static let options = Method(rawValue: "OPTIONS")

    /// Every method that a server here takes; what is not among them is answered 501 (RFC 9110 §15.6.2).
    package static let known: [Method] = [.get, .head, .post, .put, .patch, .delete, .options]

    /// What `Allow` says of a server as a whole.
    static let allowed = known.map(\.rawValue).joined(separator: ", ")

    package var description: String { rawValue }
}
