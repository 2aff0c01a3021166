internal import Spec

/// What this gateway calls itself.
package enum GatewayVersion {
    package static let current = Release.version
}
