internal import HTTP

/// What an error of a provider's says of itself, in any of the shapes that are in use: `{"error":{…}}`, the same in a list,
/// `{"error":"…","code":"…"}`, `{"message":"…","type":"…"}` and `{"detail":"…"}`.
struct RefusalWords {
    /// The HTTP status that its code or its type stands for; nil for words that are not known.
    private(set) var status: Int?
    /// The text for people, shortened; empty where there is none, or where it is about a key, part of which it may repeat.
    private(set) var message = ""
    /// Whether the text begins with what is wrong with a key. Clients have none of the provider's, so it is the gateway's.
    private(set) var mentionsKey = false

    init(_ bytes: UnsafeRawBufferPointer) {
        guard let scan = try? JSONScan(bytes) else { return }
        let root = scan.root.array()?.first { _ in true } ?? scan.root
        guard let outer = root.object() else { return }
        let error = outer["error"]
        let object = error?.object() ?? outer
        status = Self.status(object["code"]) ?? Self.status(object["type"])
        let text = (object["message"] ?? error ?? object["detail"])?.string() ?? ""
        mentionsKey = Self.isAboutKey(text)
        if !mentionsKey { message = String(text.prefix(Self.messageCharactersMax)) }
    }

    /// By a status that is told as a number, be it in quotes, or by a word of OpenAI's or Anthropic's.
    private static func status(_ value: JSONValue?) -> Int? {
        guard let value else { return nil }
        let word = value.string()
        if let number = value.int() ?? word.flatMap(Int64.init) { return (400..<600).contains(number) ? Int(number) : nil }
        return word.flatMap { statuses[$0] }
    }

    private static let statuses = [
        "invalid_request_error": 400, "context_length_exceeded": 400, "request_too_large": 413,
        "invalid_api_key": 401, "authentication_error": 401, "account_deactivated": 401, "invalid_organization": 401,
        "billing_error": 402, "insufficient_quota": 402, "billing_not_active": 402, "billing_hard_limit_reached": 402,
        "permission_error": 403, "unsupported_country_region_territory": 403,
        "not_found_error": 404, "model_not_found": 404, "model_decommissioned": 404, "model_not_available": 404,
        "timeout_error": 408,
        "rate_limit_error": 429, "rate_limit_exceeded": 429,
        "api_error": 500, "server_error": 500, "overloaded_error": 529,
    ]

    private static func isAboutKey(_ text: String) -> Bool {
        let start = text.prefix(keyCharactersMax).lowercased()
        return keyWords.contains { start.contains($0) }
    }

    private static let keyWords = ["api key", "api_key", "api-key", "apikey", "api%20key"]
    /// Further on it may be text of the client's that is repeated.
    private static let keyCharactersMax = 60
    private static let messageCharactersMax = 300
}
