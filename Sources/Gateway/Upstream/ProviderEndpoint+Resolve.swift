internal import Glibc
internal import HTTP
internal import Policy
internal import Spec

extension ProviderEndpoint {
    /// Reads a provider's address and credential; nil when the address is none.
    init?(_ entry: ProviderEntry) {
        guard let (origin, path) = Origin.parse(entry.spec.baseURL) else { return nil }
        name = entry.name
        self.origin = origin
        basePath = path
        credential =
            entry.spec.dialect.isSpoken
            ? ProviderCredential(entry.spec.credential?.secret)
            : .missing("its type, \(entry.spec.dialect.rawValue), is not spoken by this version")
        timeouts = entry.spec.timeouts
        isSimulated = entry.spec.dialect == .simulated
        allowsPrivateNetwork = entry.spec.privateNetwork
        plainHeaders = UpstreamHeaders.constant(accept: "application/json", credential)
        streamHeaders = UpstreamHeaders.constant(accept: "text/event-stream", credential)
    }
}

extension ProviderCredential {
    /// Reads the declared secret now, so that a rotated one is taken at the next load.
    init(_ declared: Provider.SecretReference?) {
        switch declared {
        case nil: self = .none
        case .environment(let name):
            guard let value = getenv(name) else {
                self = .missing("the environment variable \(name) is not set")
                return
            }
            self.init(secret: String(cString: value), from: "the environment variable \(name)")
        case .file(let path):
            guard let bytes = try? Disk.read(path, max: Self.secretBytesMax) else {
                self = .missing("the file \(path) cannot be read")
                return
            }
            self.init(secret: String(decoding: bytes, as: UTF8.self), from: "the file \(path)")
        }
    }

    private init(secret: String, from source: String) {
        let scalars = secret.unicodeScalars.drop { $0.properties.isWhitespace }
        let trimmed = String(String.UnicodeScalarView(scalars.reversed().drop { $0.properties.isWhitespace }.reversed()))
        if trimmed.isEmpty {
            self = .missing("\(source) is empty")
        } else if trimmed.utf8.contains(where: { $0 < 0x21 || $0 > 0x7E }) {
            self = .missing("\(source) holds characters that no credential has")
        } else {
            self = .authorization("Bearer \(trimmed)")
        }
    }

    /// Longer than any provider's key.
    private static let secretBytesMax = 16 * 1024
}
