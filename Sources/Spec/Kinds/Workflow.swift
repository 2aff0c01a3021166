/// A graph of steps over models, started by a trigger.
package struct Workflow: Hashable, Sendable {
    package var description: String?
    package var trigger: Trigger
    package var inputs: [Input]
    package var steps: [Step]

    package enum Trigger: Hashable, Sendable {
        case manual
        /// A cron expression of five fields.
        case schedule(String)
        case webhook(String)
    }

    package struct Input: Hashable, Sendable {
        package enum ValueType: String, CaseIterable, Sendable { case string, number, boolean, object, array }

        package var name: String
        package var type: ValueType
        package var required: Bool
    }

    package struct Step: Hashable, Sendable {
        package var name: String
        package var work: Work
        /// Names of steps that must end first.
        package var after: [String]
    }

    package enum Work: Hashable, Sendable {
        /// A call of a model through the gateway; `prompt` is a template over inputs and earlier steps.
        case model(name: String, prompt: String)
        case condition(String)
        case transform(String)
        case delay(Duration)
    }
}
