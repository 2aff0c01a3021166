/// One `--name` that a command understands.
package struct Flag: Sendable {
    package var name: String
    /// What stands for the value in the help, such as `PATH`; nil for a switch.
    package var value: String?
    /// The environment variable that is asked when the flag is absent.
    package var environment: String?
    package var fallback: String?
    package var help: String
    /// Whether it may be given more than once.
    package var isRepeatable = false

    /// A flag with a value.
    package init(_ name: String, _ value: String, environment: String? = nil, fallback: String? = nil, help: String) {
        self.name = name
        self.value = value
        self.environment = environment
        self.fallback = fallback
        self.help = help
    }

    /// A flag with a value that may be given several times.
    package init(repeatable name: String, _ value: String, help: String) {
        self.init(name, value, help: help)
        isRepeatable = true
    }

    /// A switch.
    package init(switch name: String, help: String) {
        self.name = name
        self.help = help
    }
}
