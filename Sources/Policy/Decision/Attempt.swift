package import Spec

/// One try at one model.
package struct Attempt: Sendable {
    package enum Outcome: Hashable, Sendable {
        case served
        /// The client went away while the answer came.
        case abandoned
        /// With the provider's answer, such as `connect` or `http 503`.
        case failed(String)
    }

    package var target: String
    package var priceVersion: String
    package var outcome: Outcome
    /// The provider's HTTP status; 0 where none came.
    package var status: Int
    package var cost: NanoUSD
    package var milliseconds: Int64

    package init(
        _ target: Target, outcome: Outcome, status: Int, cost: NanoUSD = .zero, milliseconds: Int64 = 0
    ) {
        self.target = target.model.qualifiedName
        priceVersion = target.priceVersion
        self.outcome = outcome
        self.status = status
        self.cost = cost
        self.milliseconds = milliseconds
    }

    func render(_ sink: inout some DecisionSink) {
        sink.object { sink in
            sink.fixed { text in
                text.member("model", target)
                text.member("prices", priceVersion)
                switch outcome {
                case .served: text.member("outcome", "served")
                case .abandoned: text.member("outcome", "abandoned")
                case .failed(let reason): text.member("outcome", "failed: " + reason)
                }
            }
            sink.number("status", Int64(status))
            sink.number("costNanoUSD", cost.rawValue)
            sink.number("ms", milliseconds)
        }
    }
}
