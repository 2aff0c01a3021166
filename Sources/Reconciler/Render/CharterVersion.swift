internal import Spec

/// Which Charter this is, and what it asks of gateways.
package enum CharterVersion {
    package static let current = Release.version

    /// The oldest gateway that understands what this reconciler applies; recorded with each revision.
    package static let minGateway = "0.1.0"

    package static var text: String { "charter \(current) (reads \(apiVersion))" }

    /// The language of this version; every declaration names it.
    private static let apiVersion = "charter/v1"
}
