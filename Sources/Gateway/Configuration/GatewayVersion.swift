/// What this gateway calls itself.
package enum GatewayVersion {
    package static let current = "0.1.0"
}
