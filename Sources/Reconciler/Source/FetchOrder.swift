/// What the child that fetches is to do; it travels in the environment, since arguments are public.
struct FetchOrder {
    var url: RemoteURL
    var mirror: String
    var reference: SourceReference
    var access: RemoteAccess
    /// The child ends itself then, should its parent have died.
    var seconds: UInt32
    /// Received in this fetch.
    var bytesMax: Int
    /// Of the child's own memory.
    var memoryMax: Int
    /// Of the mirror on disk.
    var mirrorBytesMax: Int

    private enum Name: String, CaseIterable {
        case url, mirror, reference, user, password, passwordFile, authorities, identity, knownHosts, hostKeys, seconds
        case bytesMax, memoryMax, mirrorBytesMax

        var variable: String { "CHARTER_FETCH_" + rawValue.uppercased() }
    }

    static let variables = Name.allCases.map(\.variable)

    var environment: [String: String] {
        var values: [Name: String?] = [
            .url: url.description, .mirror: mirror, .reference: reference.description, .user: access.user ?? url.user,
            .authorities: access.authorities, .identity: access.identity, .knownHosts: access.knownHosts,
            .hostKeys: access.hostKeys.map(\.fingerprint).joined(separator: ","), .seconds: "\(seconds)",
            .bytesMax: "\(bytesMax)", .memoryMax: "\(memoryMax)", .mirrorBytesMax: "\(mirrorBytesMax)",
        ]
        switch access.password {
        case .file(let path): values[.passwordFile] = path
        case .text(let text): values[.password] = text
        case nil: break
        }
        return Dictionary(uniqueKeysWithValues: values.compactMap { name, value in value.map { (name.variable, $0) } })
    }

    init(_ source: GitSource, url: RemoteURL, mirror: String) {
        self.url = url
        self.mirror = mirror
        reference = source.reference
        access = source.access
        seconds = UInt32(clamping: source.fetchDeadline.components.seconds + 1)
        bytesMax = source.limits.fetchBytesMax
        memoryMax = source.limits.fetchMemoryMax
        mirrorBytesMax = source.limits.mirrorBytesMax
    }

    /// Nil when it was not made by `environment`.
    init?(environment: [String: String]) {
        func value(_ name: Name) -> String? { environment[name.variable] }
        func number(_ name: Name) -> Int? { value(name).flatMap { Int($0) } }
        guard let text = value(.url), case .url(let url)? = try? SourceLocation.parse(text), let mirror = value(.mirror),
            let reference = value(.reference).flatMap({ SourceReference(description: $0) }),
            let seconds = number(.seconds), let bytesMax = number(.bytesMax), let memoryMax = number(.memoryMax),
            let mirrorBytesMax = number(.mirrorBytesMax)
        else { return nil }
        self.url = url
        self.mirror = mirror
        self.reference = reference
        self.seconds = UInt32(clamping: seconds)
        self.bytesMax = bytesMax
        self.memoryMax = memoryMax
        self.mirrorBytesMax = mirrorBytesMax
        access = RemoteAccess()
        access.user = value(.user)
        access.password = value(.passwordFile).map { .file($0) } ?? value(.password).map { .text($0) }
        access.authorities = value(.authorities)
        access.identity = value(.identity)
        access.knownHosts = value(.knownHosts)
        access.hostKeys = (value(.hostKeys) ?? "").split(separator: ",").compactMap { HostKeyPin(String($0)) }
    }
}
