internal import Crypto
internal import Glibc
internal import HTTP
internal import Policy
internal import Spec

extension ProviderEndpoint {
    /// Reads a provider's address, secrets and files; nil when the address is none.
    init?(_ entry: ProviderEntry, settings: UpstreamSettings, health: ProviderHealth) {
        let spec = entry.spec
        guard let (origin, path) = Origin.parse(spec.baseURL) else { return nil }
        name = entry.name
        uid = entry.uid
        self.origin = origin
        basePath = path
        timeouts = spec.timeouts
        isSimulated = spec.dialect == .simulated
        self.settings = settings
        self.health = health
        question = spec.health.path.map { HealthQuestion(path: $0, every: spec.health.every, timeout: spec.health.timeout) }
        let own = OwnHeaders(spec)
        fault = spec.dialect.isSpoken
            ? own.fault ?? (origin.scheme == .https ? Self.fault(of: settings.values.tls) : nil)
            : "its type, \(spec.dialect.rawValue), is not spoken by this version"
        plainHeaders = UpstreamHeaders.constant(accept: "application/json", own.fields)
        streamHeaders = UpstreamHeaders.constant(accept: "text/event-stream", own.fields)
        checkHeaders = UpstreamHeaders.ofQuestion(own.fields)
    }

    /// What is wrong with the files of TLS. Those of the system are not read here: every gateway has them or none.
    private static func fault(of tls: ClientTLS) -> String? {
        if tls.trust == .system, tls.identity == nil { return nil }
        do throws(TLSError) {
            _ = try tls.context()
            return nil
        } catch {
            return "tls: \(error)"
        }
    }
}

extension UpstreamSettings.Values {
    init(_ entry: ProviderEntry) {
        let spec = entry.spec
        allowsPrivateNetwork = spec.privateNetwork
        idleTimeout = spec.connections.idle
        bound = spec.connections.max.map { UpstreamSettings.Bound(uid: entry.uid, max: $0) }
        tls.serverName = spec.tls.serverName
        if let ca = spec.tls.ca { tls.trust = .authorities(file: ca) }
        if let certificate = spec.tls.certificate, let key = spec.tls.key {
            tls.identity = TLSIdentityFiles(certificate: certificate, key: key)
        }
        stamps = [spec.tls.ca, spec.tls.certificate, spec.tls.key].compactMap { $0 }.map { FileStamp($0) }
    }
}

/// The fields that a declaration asks for: its credential and its `headers`.
private struct OwnHeaders {
    private(set) var fields: [(name: String, value: String)] = []
    /// Why one of them cannot be sent.
    private(set) var fault: String?

    init(_ spec: Provider) {
        for (name, value) in spec.headers.sorted(by: { $0.key < $1.key }) {
            switch value {
            case .text(let text): fields.append((name, text))
            case .secret(let reference): add(name, ProviderSecret(reference))
            }
        }
        guard let credential = spec.credential else { return }
        let name = credential.header ?? Self.authorization
        add(name, ProviderSecret(credential.secret), prefix: name == Self.authorization ? "Bearer " : "")
    }

    private static let authorization = "authorization"

    private mutating func add(_ name: String, _ secret: ProviderSecret, prefix: String = "") {
        switch secret {
        case .text(let text): fields.append((name, prefix + text))
        case .missing(let reason): fault = fault ?? reason
        }
    }
}

extension ProviderSecret {
    /// Reads the declared secret now.
    init(_ declared: Provider.SecretReference) {
        guard case .environment(let name) = declared else {
            self.init(file: declared.file, named: declared.source)
            return
        }
        guard let value = getenv(name) else {
            self = .missing("\(declared.source) is not set")
            return
        }
        self.init(secret: String(cString: value), from: declared.source)
    }

    private init(file: String?, named source: String) {
        guard let file else {
            self = .missing("\(source) is not there: systemd has handed no credentials to the gateway")
            return
        }
        guard let bytes = try? Disk.read(file, max: Self.secretBytesMax) else {
            self = .missing("\(source) cannot be read")
            return
        }
        self.init(secret: String(decoding: bytes, as: UTF8.self), from: source)
    }

    private init(secret: String, from source: String) {
        let scalars = secret.unicodeScalars.drop { $0.properties.isWhitespace }
        let trimmed = String(String.UnicodeScalarView(scalars.reversed().drop { $0.properties.isWhitespace }.reversed()))
        if trimmed.isEmpty {
            self = .missing("\(source) is empty")
        } else if trimmed.utf8.contains(where: { $0 < 0x21 || $0 > 0x7E }) {
            self = .missing("\(source) holds characters that no credential has")
        } else {
            self = .text(trimmed)
        }
    }

    /// Longer than any provider's key.
    private static let secretBytesMax = 16 * 1024
}

extension Provider.SecretReference {
    /// Where the secret is, in words.
    fileprivate var source: String {
        switch self {
        case .environment(let name): "the environment variable \(name)"
        case .file(let path): "the file \(path)"
        case .systemd(let name): "the credential \(name)"
        }
    }

    /// The file that holds the secret; nil for a variable, and for a credential that systemd hands to nobody.
    var file: String? {
        switch self {
        case .environment: nil
        case .file(let path): path
        // Set by systemd alone, to a folder of this service that no other account can read (systemd.exec(5)).
        case .systemd(let name): getenv("CREDENTIALS_DIRECTORY").map { String(cString: $0) + "/" + name }
        }
    }
}
