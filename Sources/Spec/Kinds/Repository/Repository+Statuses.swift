extension Repository.StatusTarget: FieldSet {
    init?(from fields: inout Fields) {
        let host: Host? = fields.required(
            "to", .choice, "the host, which decides how it is told", .enforced(by: "StatusRequest.init"))
        let repository = fields.required(
            "repository",
            .text("the path of a repository", example: "acme/rules", pattern: "\(Self.part)(?:/\(Self.part))+", Self.isPath),
            "the repository there", .enforced(by: "StatusRequest.init"))
        api = fields.optional(
            "api", .apiURL, "where its API begins; without it, that of github.com, gitlab.com or gitea.com",
            .enforced(by: "StatusRequest.init"))
        let token: SecretReference? = fields.required(
            "token", .fields, "what it is asked with; sent to that address alone", .enforced(by: "StatusRequest.init"))
        link = fields.optional(
            "link", .secureURL, "where the status leads whoever follows it", .enforced(by: "StatusRequest.init"))
        privateNetwork = fields.value(
            "privateNetwork", .boolean, default: false, shown: "false",
            "whether the address may be loopback or private", .enforced(by: "EventRecipient.privateNetwork"))
        if let api, !privateNetwork, !fields.isMistaken("privateNetwork"), api.hasPrefix("http://") {
            fields.report(
                .valueInvalid, at: fields.extent(of: "api"), "an address outside the private network must use https",
                hint: "write `https://…`, or add `privateNetwork: true`")
        }
        fields.checkSending(to: api, in: "api", privateNetwork: privateNetwork)
        fields.checkReach(of: token, in: "token")
        if let host, let repository, host != .gitlab, repository.split(separator: "/").count != 2 {
            fields.report(
                .valueInvalid, at: fields.extent(of: "repository"), "a repository of \(host.rawValue) is called `owner/name`")
        }
        guard let host, let repository, let token else { return nil }
        self.host = host
        self.repository = repository
        self.token = token
    }

    private static let part = "[A-Za-z0-9_-][A-Za-z0-9._-]*"

    /// Two names or more with slashes between them, none of which is `.` or `..`.
    private static func isPath(_ path: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count > 1
            && parts.allSatisfy { part in
                guard let first = part.utf8.first, first != UInt8(ascii: ".") else { return false }
                return part.utf8.allSatisfy { Names.isLetterOrDigit($0) || "._-".utf8.contains($0) }
            }
    }
}

extension Shape where Value == String {
    /// An http or https URL with a host, without user, query or fragment.
    fileprivate static var apiURL: Shape<String> {
        text("a URL", example: "https://git.acme.example/api/v3", pattern: "https?://\(HostText.pattern)(?:/\(WebAddress.rest))?") {
            WebAddress.isPlain($0, schemes: ["https://", "http://"])
        }.refusingUsers.checkingHost
    }
}
