/// A graph of steps over models, started by a trigger.
package struct Workflow: Hashable, Sendable {
    package var description: String?
    package var trigger: Trigger
    package var inputs: [Input]
    package var steps: [Step]
    package var outputs: [Output]
    /// How long a run may take.
    package var timeout: Duration?
    /// Runs at the same time.
    package var concurrency: Int?
    /// What one run may cost.
    package var budget: NanoUSD?

    package enum Trigger: Hashable, Sendable {
        case manual
        /// A cron expression of five fields, and the IANA name of the zone of its clock.
        case schedule(String, zone: String)
        case webhook(String)
        case event(Webhook.Event)
    }

    package struct Input: Hashable, Sendable {
        package enum ValueType: String, CaseIterable, Sendable { case string, number, boolean, object, array }

        package var name: String
        package var type: ValueType
        package var required: Bool
        package var description: String?
        /// What it holds when it is not given, as it is written.
        package var initial: String?
        /// The only values, where it is text.
        package var choices: [String]
        /// Of an object: its members that are known.
        package var fields: [Field]
        /// Of an array: what each item is.
        package var items: FieldType?
    }

    package struct Field: Hashable, Sendable {
        package var name: String
        package var type: FieldType
    }

    package struct Output: Hashable, Sendable {
        package var name: String
        package var type: FieldType?
        /// A template.
        package var value: String
    }

    package struct Step: Hashable, Sendable {
        package var name: String
        package var work: Work
        /// Names of steps that must end first.
        package var after: [String]
        /// Whether all of them, or one.
        package var join: Join
        /// What its output holds, where it is an object.
        package var output: [Field]
        package var timeout: Duration?
        package var retry: Retry?
        package var onError: ErrorAction
    }

    package enum Join: String, CaseIterable, Sendable { case all, any }

    package enum ErrorAction: String, CaseIterable, Sendable {
        case fail
        /// The run goes on, and the step has no output.
        case proceed = "continue"
    }

    package struct Retry: Hashable, Sendable {
        package enum Backoff: String, CaseIterable, Sendable { case constant, exponential }

        package var attempts: Int
        package var wait: Duration
        package var backoff: Backoff
    }

    package enum Work: Hashable, Sendable {
        /// A call of a model through the gateway; `prompt` and `system` are templates over inputs and earlier steps.
        case model(name: String, prompt: String, system: String?, parameters: ModelParameters?)
        case http(HTTPCall)
        case agent(AgentCall)
        case retrieve(Retrieval)
        case notify(Notice)
        /// With the names of the steps that begin when it holds, and when it does not.
        case condition(String, then: [String], otherwise: [String])
        case transform(String)
        /// Steps that run at the same time; it ends when all or one of them have.
        case parallel(branches: [String], join: Join)
        case delay(Duration)
    }

    package struct HTTPCall: Hashable, Sendable {
        package enum Method: String, CaseIterable, Sendable {
            case get = "GET"
            case post = "POST"
            case put = "PUT"
            case patch = "PATCH"
            case delete = "DELETE"
        }

        package var method: Method
        package var url: String
        package var headers: [String: String]
        package var body: String?
        package var authorization: SecretReference?
        package var privateNetwork: Bool
    }

    package struct AgentCall: Hashable, Sendable {
        package var name: String
        /// Templates by the names of the agent's inputs.
        package var input: [Argument]
    }

    package struct Argument: Hashable, Sendable {
        package var name: String
        package var value: String
    }

    package struct Retrieval: Hashable, Sendable {
        package var index: String
        package var query: String
        package var topK: Int
    }

    package struct Notice: Hashable, Sendable {
        package var webhooks: [String]
        package var emails: [String]
        package var message: String
    }
}

/// How a model is asked.
package struct ModelParameters: Hashable, Sendable {
    package var temperature: Thousandths?
    package var topP: Thousandths?
    package var maxTokens: Int?
    package var seed: Int?
}
