extension Provider.SecretReference {
    /// The fields `env`, `file` and `systemd`, of which exactly one is given.
    static func read(_ fields: inout Fields, _ effect: Effect) -> Provider.SecretReference? {
        let environment = fields.optional(
            "env",
            .text("the name of an environment variable", example: "OPENAI_API_KEY", pattern: "[^=]+") {
                !$0.isEmpty && !$0.utf8.contains(UInt8(ascii: "="))
            }.refusingSecrets("the name of an environment variable"),
            "the environment variable of the gateway that holds it", effect)
        let file = fields.optional(
            "file", .text("a path", example: "/run/secrets/openai", pattern: #"[\s\S]+"#) { !$0.isEmpty }.refusingSecrets("a path"),
            "the file on the gateway's machine that holds it", effect)
        let systemd = fields.optional(
            "systemd",
            .text("the name of a credential", example: "openai", pattern: systemdPattern, isSystemdName).refusingSecrets("the name of a credential"),
            "the credential that systemd hands to the gateway (`LoadCredential=`)", effect)
        guard fields.exactlyOne(of: ["env", "file", "systemd"]) != nil else { return nil }
        return environment.map(Self.environment) ?? file.map(Self.file) ?? systemd.map(Self.systemd)
    }

    private static let systemdPattern = "[A-Za-z0-9_-][A-Za-z0-9._-]{0,254}"

    /// A file's name, since systemd makes a file of it.
    private static func isSystemdName(_ name: String) -> Bool {
        (1...255).contains(name.utf8.count) && !name.hasPrefix(".") && name.utf8.allSatisfy { byte in
            Names.isLowerOrDigit(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || "._-".utf8.contains(byte)
        }
    }
}

extension Provider.Credential: FieldSet {
    init?(from fields: inout Fields) {
        let secret = Provider.SecretReference.read(&fields, .enforced(by: "ProviderEndpoint.init"))
        header = fields.optional(
            "header", .headerName, "the header that carries it; without it, the one of the dialect",
            .enforced(by: "ProviderEndpoint.init"))
        guard let secret else { return nil }
        self.secret = secret
    }
}

/// A header's value that is a secret.
struct HeaderSecret: FieldSet {
    var secret: Provider.SecretReference

    init?(from fields: inout Fields) {
        guard let secret = Provider.SecretReference.read(&fields, .enforced(by: "ProviderEndpoint.init")) else { return nil }
        self.secret = secret
    }
}

extension Shape where Value == Provider.Credential {
    /// Refuses the secret itself, wherever it is put, without repeating it.
    static var credential: Shape<Provider.Credential> {
        let named = Shape.fields
        return Shape(named.describe()) { node, reading in
            let secrets = literals(in: node)
            for extent in secrets {
                reading.report(
                    .secretInPlace, extent, "a credential is never written down here",
                    hint: SecretText.hint, isOfSecret: true)
            }
            return secrets.isEmpty ? named.read(node, reading) : nil
        }
    }

    /// Text in place of the mapping, and fields that other programs put a key in.
    private static func literals(in node: Node) -> [Extent] {
        switch node.content {
        case .scalar(let scalar): scalar.type == .null ? [] : [node.extent]
        case .mapping(let entries):
            entries.compactMap { entry in
                guard case .scalar(let scalar) = entry.value.content, !["env", "file", "systemd", "header"].contains(entry.key) else {
                    return nil
                }
                let isNamed = ["key", "apikey", "api_key", "value", "token", "secret", "password", "literal"]
                    .contains(entry.key.lowercased())
                return isNamed && scalar.type != .null || SecretText.isLikely(scalar.text) ? entry.value.extent : nil
            }
        default: []
        }
    }
}

extension Shape where Value == String {
    /// The name of a header that a declaration may set; RFC 9110, section 5.1, in lower case.
    static var headerName: Shape<String> {
        text("the name of a header", example: "x-team", pattern: HeaderText.namePattern, HeaderText.isName)
    }
}

enum HeaderText {
    /// Those that frame a message or belong to the connection: RFC 9110, section 7.6.1, and RFC 9112.
    static let reserved: Set<String> = [
        "connection", "content-encoding", "content-length", "content-type", "expect", "host", "keep-alive",
        "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
    ]

    static let namePattern = "[a-z0-9][a-z0-9-]{0,99}"

    static func isName(_ name: String) -> Bool {
        name.utf8.first.map(Names.isLowerOrDigit) ?? false && name.utf8.count <= 100
            && name.utf8.allSatisfy { Names.isLowerOrDigit($0) || $0 == UInt8(ascii: "-") }
    }

    /// Visible ASCII with spaces inside.
    static func isValue(_ value: String) -> Bool {
        !value.isEmpty && value.utf8.allSatisfy { (0x20...0x7E).contains($0) } && value.first != " " && value.last != " "
    }
}

extension Shape where Value == [String: Provider.HeaderValue] {
    static var headers: Shape<[String: Provider.HeaderValue]> {
        Shape<[Named<Provider.HeaderValue>]>.map(
            key: "the name of a header in lower case", pattern: HeaderText.namePattern, HeaderText.isName, hint: "write it like `x-team`"
        ) { _ in .headerValue }
        .noting { _, node, reading in
            guard case .mapping(let entries) = node.content else { return }
            for entry in entries where HeaderText.reserved.contains(entry.key) || entry.key == "authorization" {
                reading.report(
                    .headerReserved, entry.keyExtent, "`\(entry.key)` is set by the gateway alone",
                    hint: entry.key == "authorization" ? "name its secret in `credential`" : "remove it")
            }
        }
        .map { pairs in Dictionary(pairs.map { ($0.name, $0.value) }) { first, _ in first } }
    }
}

extension Shape where Value == Provider.HeaderValue {
    /// Text, or where a secret is found.
    fileprivate static var headerValue: Shape<Provider.HeaderValue> {
        let plain = Shape<String>.text("the value of a header", example: "platform", pattern: "[!-~](?:[ -~]*[!-~])?", HeaderText.isValue)
            .refusingSecrets("a plain value")
        let secret = Shape<HeaderSecret>.fields
        return Shape(.either([plain.describe(), secret.describe()])) { node, reading in
            if case .mapping = node.content {
                return secret.read(node, reading).map { Decoded(.secret($0.value.secret), $0.canonical) }
            }
            return plain.read(node, reading).map { Decoded(.text($0.value), $0.canonical) }
        }
    }
}
