internal import HTTP
internal import Spec

/// A commit's status as a Git host is told of it. A value.
struct StatusRequest: Sendable {
    var request: OutboundRequest

    init(_ target: Repository.StatusTarget, _ status: CommitStatus, token: String, timeout: Duration) throws(SecretProblem) {
        let (api, path) = (target.api ?? target.host.api, target.host.path(of: status.commit, in: target.repository))
        guard let (origin, base) = Origin.parse(api) else { throw SecretProblem("\(api) is no address") }
        var headers = Headers()
        headers.add("content-type", "application/json")
        headers.add("user-agent", "charter/\(CharterVersion.current)")
        switch target.host {
        case .github:
            headers.add("accept", "application/vnd.github+json")
            headers.add("x-github-api-version", "2022-11-28")
            headers.add("authorization", "Bearer \(token)")
        case .gitlab: headers.add("private-token", token)
        case .gitea: headers.add("authorization", "token \(token)")
        }
        request = OutboundRequest(
            method: .post, origin: origin, target: base + path, headers: headers,
            body: Array(status.body(for: target.host).text.utf8),
            timeouts: CallTimeouts(connect: timeout, firstByte: timeout, idle: timeout))
    }

    /// GitLab refuses to be told the same again, or what it takes for a step back; either way it knows already.
    static func isKnownAlready(_ host: Repository.StatusTarget.Host, status: Int, text: String) -> Bool {
        host == .gitlab && status == 400 && text.contains("Cannot transition status")
    }
}

extension Repository.StatusTarget.Host {
    /// Where the API of the host's own service begins.
    fileprivate var api: String {
        switch self {
        case .github: "https://api.github.com"
        case .gitlab: "https://gitlab.com/api/v4"
        case .gitea: "https://gitea.com/api/v1"
        }
    }

    fileprivate func path(of commit: String, in repository: String) -> String {
        switch self {
        case .github, .gitea: "/repos/\(repository)/statuses/\(commit)"
        case .gitlab: "/projects/\(repository.split(separator: "/").joined(separator: "%2F"))/statuses/\(commit)"
        }
    }
}
