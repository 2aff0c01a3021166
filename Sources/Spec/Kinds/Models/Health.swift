extension Provider {
    /// How the gateway finds out whether a provider is well.
    package struct Health: Hashable, Sendable {
        /// Asked under the base URL; nil where nothing is asked.
        package var path: String?
        package var every: Duration
        package var timeout: Duration
        /// Failed answers in a row until it counts as ill, and good ones until it counts as well again.
        package var unhealthyAfter: Int
        package var healthyAfter: Int
        package var ejection: Ejection?
    }

    /// Takes a provider out for a time after failures of requests themselves.
    package struct Ejection: Hashable, Sendable {
        package var failures: Int
        package var within: Duration
        package var pause: Duration
    }
}
