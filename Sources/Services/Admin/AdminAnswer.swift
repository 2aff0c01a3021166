internal import Crypto
package import HTTP
internal import Spec

/// A whole answer to a call; a value.
package struct AdminAnswer: Sendable {
    package var status: Int
    package var contentType: String
    package var body: [UInt8]
    package var headers: Headers = [:]

    init(_ json: JSONTree) { self.init(200, json) }

    init(_ status: Int, _ json: JSONTree) {
        self.init(status, contentType: "application/json", text: json.text + "\n")
    }

    init(_ status: Int, contentType: String, text: String) {
        (self.status, self.contentType, body) = (status, contentType, Array(text.utf8))
    }

    /// `status` where the connection says so itself, as 413 of a body that is too long.
    init(_ problem: Problem, requestID: String, status: Int? = nil, form: ProblemForm = .problem) {
        let status = status ?? form.status(of: problem.code)
        self.init(
            status, contentType: form.contentType,
            text: form.json(problem, requestID: requestID, status: status).text + "\n")
        if !problem.allowed.isEmpty { headers.add("allow", problem.allowed.joined(separator: ", ")) }
        if problem.code == .unauthenticated { headers.add("www-authenticate", "Bearer") }
        if problem.code == .unavailable { headers.add("retry-after", "1") }
    }

    static let problemType = "application/problem+json"

    /// A strong validator of what the answer says (RFC 9110 §8.8.3).
    var etag: String { "\"\(SHA256.digest(body).hex.prefix(Self.etagDigits))\"" }

    private static let etagDigits = 32
}
