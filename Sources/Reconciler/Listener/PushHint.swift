package import Spec

internal import Crypto

/// Judges a call by which a Git host says that something was pushed; a value, without a connection.
///
/// A call is only a hint: it makes Charter look at the repository now, and nothing of its body is believed.
package struct PushHint: Sendable {
    package var host: Repository.Push.Host
    package var path: String
    private let secret: [UInt8]

    /// Pushes of many commits are told of at length; what is longer is found by the next poll.
    package static let bodyBytesMax = 1 << 20

    /// Nil for an empty secret, by which everybody could sign.
    package init?(_ push: Repository.Push, secret: [UInt8]) {
        guard !secret.isEmpty else { return nil }
        host = push.host
        path = push.path
        self.secret = secret
    }

    /// What becomes of a call.
    package enum Judgement: Hashable, Sendable {
        /// It is from the host: look now.
        case look
        /// It is from the host, and tells of something else than a push.
        case ignore
        /// Its signature is well formed; read the body, up to `bodyBytesMax`, and judge again with it.
        case readBody
        /// Answer so, and read nothing more.
        case refuse(status: Int)
    }

    /// Judges the head alone; `field` answers the only value of a header field by its name in any case, nil where it stands twice.
    ///
    /// `length` is what the head says of the body's; nil when it leaves that open.
    package func judge(method: String, path: String, length: Int?, field: (String) -> String?) -> Judgement {
        guard path == self.path else { return .refuse(status: 404) }
        guard method == "POST" else { return .refuse(status: 405) }
        // GitLab sends the secret itself, by which a call is known before its body is read.
        if host == .gitlab {
            guard let token = field("x-gitlab-token"), Self.isEqual(Array(token.utf8), secret) else { return .refuse(status: 401) }
            return isPush(field) ? .look : .ignore
        }
        guard signature(field) != nil else { return .refuse(status: 401) }
        guard length.map({ $0 <= Self.bodyBytesMax }) ?? true else { return .refuse(status: 413) }
        return .readBody
    }

    /// Judges with the whole body, after `readBody`.
    package func judge(body: [UInt8], field: (String) -> String?) -> Judgement {
        guard body.count <= Self.bodyBytesMax else { return .refuse(status: 413) }
        guard let code = signature(field), HMAC.isCode(code, of: body, .sha256, key: secret) else { return .refuse(status: 401) }
        return isPush(field) ? .look : .ignore
    }

    /// The HMAC with SHA-256 that the host says the body has.
    private func signature(_ field: (String) -> String?) -> [UInt8]? {
        let text: String?
        switch host {
        case .github: text = field("x-hub-signature-256").flatMap(Self.afterPrefix)
        case .gitea: text = field("x-gitea-signature")
        case .generic: text = field("x-charter-signature").flatMap(Self.afterPrefix)
        case .gitlab: text = nil
        }
        guard let text, text.utf8.count == 64 else { return nil }
        return Hex.bytes(text)
    }

    private static func afterPrefix(_ text: String) -> String? {
        text.hasPrefix("sha256=") ? String(text.dropFirst("sha256=".utf8.count)) : nil
    }

    private func isPush(_ field: (String) -> String?) -> Bool {
        switch host {
        case .github: field("x-github-event").map { ["push", "create", "delete"].contains($0) } ?? false
        case .gitlab: field("x-gitlab-event").map { ["Push Hook", "Tag Push Hook", "System Hook"].contains($0) } ?? false
        case .gitea: field("x-gitea-event").map { ["push", "create", "delete"].contains($0) } ?? false
        case .generic: true
        }
    }

    /// In a time that does not tell how much of it is right, nor how long the secret is.
    private static func isEqual(_ given: [UInt8], _ secret: [UInt8]) -> Bool {
        SHA256.digest(given) == SHA256.digest(secret)
    }
}
