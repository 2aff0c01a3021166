/// A model with instructions and tools, run by name.
package struct Agent: Hashable, Sendable {
    package enum Sort: String, CaseIterable, Sendable { case general, researcher, analyst }

    package var description: String?
    package var sort: Sort
    /// A model or a RoutingPolicy.
    package var model: String
    /// A template over `inputs`.
    package var instructions: String
    package var parameters: ModelParameters?
    package var inputs: [Workflow.Input]
    /// What its answer holds, where it is an object.
    package var output: [Workflow.Field]
    package var tools: [Tool]
    package var memory: Memory?
    package var limits: RunLimits
    package var guardrails: [String]
    /// Agents that it may give its task to.
    package var handoffs: [String]

    /// What one run may take.
    package struct RunLimits: Hashable, Sendable {
        /// Calls of the model.
        package var steps: Int
        package var time: Duration
        package var budget: NanoUSD?
        package var tokens: Int64?
    }

    package struct Memory: Hashable, Sendable {
        package enum Sort: String, CaseIterable, Sendable { case conversation, summary }

        package var sort: Sort
        /// The newest messages that are kept word for word.
        package var messages: Int
        package var keep: Duration
    }

    package struct Tool: Hashable, Sendable {
        package enum Action: Hashable, Sendable {
            case http(Workflow.HTTPCall)
            case workflow(String)
            case retrieval(index: String, topK: Int)
            /// Carried out by whoever runs the agent.
            case function
        }

        package var name: String
        package var description: String
        /// What the model gives.
        package var parameters: [Workflow.Field]
        /// Names of `parameters` that it must give.
        package var required: [String]
        package var action: Action
        /// Whether a person must agree each time.
        package var needsApproval: Bool
    }
}
