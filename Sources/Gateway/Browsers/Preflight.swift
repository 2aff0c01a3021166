internal import HTTP
internal import Policy

/// A browser's question whether a script may send a request (the FETCH standard, "CORS-preflight request"). It carries no key.
struct Preflight {
    /// The fields that the script sets, as they were named.
    private let names: String

    /// Names the method that the script wants to use; what tells the question from any other OPTIONS.
    static let field = "access-control-request-method"

    /// What browsers keep an answer for at most (Chromium: two hours), in seconds. The requests themselves are judged anew each
    /// time, so that a rule that is taken back is not outlived by it.
    private static let ageMaxSeconds = 7200
    /// All names together; SDKs name about fifteen.
    private static let namesBytesMax = 4096

    /// Nil unless the request asks for one method, and every field it names is a token.
    init?(_ request: RequestHead) {
        guard request.method == .options, request.headers.tokens(Self.field)?.count == 1,
            let names = request.headers.tokens("access-control-request-headers")?.joined(separator: ", "),
            names.utf8.count <= Self.namesBytesMax
        else { return nil }
        self.names = names
    }

    /// The fields of an answer that permits it. `methods`: what the path takes.
    func permission(for origin: WebOrigin, methods: String) -> Headers {
        var headers = Headers()
        headers.add("access-control-allow-origin", origin.text)
        headers.add("access-control-allow-methods", methods)
        if !names.isEmpty { headers.add("access-control-allow-headers", names) }
        headers.add("access-control-max-age", decimal: Self.ageMaxSeconds)
        headers.add("vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers")
        return headers
    }
}
