package import HTTP
package import Spec

/// How a provider is reached, with its credential, as of one snapshot.
package struct ProviderEndpoint: Sendable {
    package var name: String
    package var origin: Origin
    /// Put before `/chat/completions`; without a slash at its end.
    package var basePath: String
    package var credential: ProviderCredential
    package var timeouts: Provider.Timeouts
    package var isSimulated: Bool
    package var allowsPrivateNetwork: Bool
    /// What every request to it carries, for an answer in one piece and for a stream.
    var plainHeaders: Headers
    var streamHeaders: Headers
}

/// What the gateway shows a provider.
package enum ProviderCredential: Sendable {
    case none
    /// The value of the Authorization header.
    case authorization(String)
    /// It is declared but cannot be read, for this reason; the provider is out of service.
    case missing(String)

    package var fault: String? {
        if case .missing(let reason) = self { reason } else { nil }
    }
}
