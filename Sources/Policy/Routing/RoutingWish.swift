package import Spec

/// What is wanted of the model that is to serve a chat.
package struct RoutingWish: Sendable {
    package enum Objective: String, CaseIterable, Sendable { case cost, speed, quality, balanced }

    package var objective: Objective?
    /// Of the one answer.
    package var costMax: NanoUSD?
    /// From 0 to 1.
    package var qualityMin: Double?
    /// Until the whole of the answer is there.
    package var latencyMax: Duration?
    /// In lower case, like those that are excluded.
    package var preferredProviders: Set<String> = []
    package var excludedProviders: Set<String> = []

    package init() {}
}

/// How the models serve at present, as far as that is known; by index.
package struct ServiceFacts: Sendable {
    package var latencies: [Int: Duration]
    package var unhealthyModels: Set<Int>
    package var unavailableProviders: Set<Int>

    package init(latencies: [Int: Duration] = [:], unhealthyModels: Set<Int> = [], unavailableProviders: Set<Int> = []) {
        self.latencies = latencies
        self.unhealthyModels = unhealthyModels
        self.unavailableProviders = unavailableProviders
    }
}
