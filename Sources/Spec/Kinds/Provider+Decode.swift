extension Provider: FieldSet {
    init?(from fields: inout Fields) {
        let dialect: Dialect? = fields.required("type", .choice, "the dialect it speaks", .informs)
        let baseURL = fields.required(
            "baseURL", .url, "the address to which paths like `/chat/completions` are appended", .enforced(by: "ProviderEndpoint.init"))
        credential = fields.optional("credential", .fields, "where the gateway finds the provider's key", .parts)
        timeouts = fields.value("timeouts", .fields, default: .standard, "how long to wait", .parts)
        privateNetwork = fields.value(
            "privateNetwork", .boolean, default: false, shown: "false",
            "whether it may resolve to loopback, link-local or private addresses", .enforced(by: "ProviderEndpoint.init"))
        guard let dialect, let baseURL else { return nil }
        self.dialect = dialect
        self.baseURL = baseURL
    }
}

extension Provider.Credential: FieldSet {
    init?(from fields: inout Fields) {
        let environment = fields.optional(
            "env",
            .text("the name of an environment variable", example: "OPENAI_API_KEY") {
                !$0.isEmpty && !$0.utf8.contains(0x3D)
            },
            "the environment variable of the gateway that holds it", .enforced(by: "ProviderEndpoint.init"))
        let file = fields.optional(
            "file", .text("a path", example: "/run/secrets/openai") { !$0.isEmpty },
            "the file on the gateway's machine that holds it", .enforced(by: "ProviderEndpoint.init"))
        guard fields.exactlyOne(of: ["env", "file"]) != nil else { return nil }
        if let environment {
            self = .environment(environment)
        } else if let file {
            self = .file(file)
        } else {
            return nil
        }
    }
}

extension Provider.Timeouts: FieldSet {
    static let standard = Provider.Timeouts(connect: .seconds(5), firstByte: .seconds(120), idle: .seconds(60))

    init?(from fields: inout Fields) {
        let standard = Provider.Timeouts.standard
        connect = fields.value("connect", .amount, default: standard.connect, shown: "5s", "until connected", .enforced(by: "ProviderEndpoint.init"))
        firstByte = fields.value(
            "firstByte", .amount, default: standard.firstByte, shown: "2min",
            "from the request sent to the first byte of the answer", .enforced(by: "ProviderEndpoint.init"))
        idle = fields.value("idle", .amount, default: standard.idle, shown: "60s", "between two pieces of an answer", .enforced(by: "ProviderEndpoint.init"))
    }
}

extension Shape where Value == String {
    /// An http or https URL with a host and without query, fragment or trailing slash.
    fileprivate static var url: Shape<String> {
        let http = text("an http or https URL", example: "https://api.openai.com/v1", isBaseURL)
        return Shape(http.describe()) { node, reading in
            guard let url = http.read(node, reading)?.value else { return nil }
            let trimmed = String(
                url.utf8.reversed().drop { $0 == UInt8(ascii: "/") }.reversed().map { Character(Unicode.Scalar($0)) })
            return Decoded(trimmed, .string(trimmed))
        }
    }

    private static func isBaseURL(_ url: String) -> Bool {
        guard let scheme = ["https://", "http://"].first(where: url.hasPrefix) else { return false }
        let rest = url.dropFirst(scheme.count)
        guard let host = rest.split(separator: "/", omittingEmptySubsequences: false).first, !host.isEmpty else {
            return false
        }
        return rest.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"?#\"<>\\^`{|}@".utf8.contains($0) }
    }
}
