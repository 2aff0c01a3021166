package import HTTP
package import Spec

/// How a provider is reached, with its credential, as of one snapshot.
package struct ProviderEndpoint: Sendable {
    package var name: String
    var uid: String
    package var origin: Origin
    /// Put before `/chat/completions`; without a slash at its end.
    package var basePath: String
    package var timeouts: Provider.Timeouts
    package var isSimulated: Bool
    /// Why it cannot be called: a secret or a file that is declared cannot be read; nil when it can.
    package var fault: String?
    package var settings: UpstreamSettings
    package var health: ProviderHealth
    /// What it is asked about its health; nil where nothing is.
    var question: HealthQuestion?
    /// What every request to it carries, for an answer in one piece, for a stream, and for questions about its health.
    var plainHeaders: Headers
    var streamHeaders: Headers
    var checkHeaders: Headers
}

/// A secret that the gateway shows a provider.
enum ProviderSecret {
    case text(String)
    /// It is declared but cannot be read, for this reason.
    case missing(String)
}
