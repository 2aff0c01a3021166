internal import Crypto
internal import Spec

/// A signature of Standard Webhooks 1.0 (*Signature scheme*): HMAC-SHA256 by each secret, so that one can follow another.
struct WebhookSignature: Hashable, Sendable {
    /// Of the header `webhook-signature`.
    let text: String

    /// Over the message's id, the second of the attempt, and the body as it is sent.
    init(secrets: [WebhookSecret], message: String, seconds: Int64, body: String) {
        let signed = Array("\(message).\(seconds).\(body)".utf8)
        text = secrets.map { "v1," + Base64Text.text(HMAC.code(.sha256, key: $0.key, signed)) }.joined(separator: " ")
    }
}

/// One secret: `whsec_` and base64 of 24 to 64 bytes.
struct WebhookSecret: Hashable, Sendable {
    let key: [UInt8]

    private static let prefix = "whsec_"
    private static let bytes = 24...64

    init?(_ text: some StringProtocol) {
        guard text.hasPrefix(Self.prefix), let key = Base64Text.bytes(text.dropFirst(Self.prefix.count).utf8),
            Self.bytes.contains(key.count)
        else { return nil }
        self.key = key
    }

    /// Those in a text with spaces or line ends between them; throws where one is none.
    static func list(_ text: String, from origin: String) throws(SecretProblem) -> [WebhookSecret] {
        var secrets: [WebhookSecret] = []
        for word in text.split(whereSeparator: \.isWhitespace) {
            guard let secret = WebhookSecret(word) else {
                throw SecretProblem("\(origin) does not hold whsec_ and base64 of 24 to 64 bytes")
            }
            secrets.append(secret)
        }
        guard !secrets.isEmpty else { throw SecretProblem("\(origin) is empty") }
        return secrets
    }
}

/// Why a secret cannot be had; says where it was looked for and never what was there.
struct SecretProblem: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
