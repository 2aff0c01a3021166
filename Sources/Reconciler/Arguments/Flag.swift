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
    /// The letter that stands for it behind a single dash, where it has one.
    package var letter: Character?

    /// As it is written out.
    var long: String { "--\(name)" }

    /// Whether a word of a command line, without any `=value`, is this flag.
    func isNamed(by word: Substring) -> Bool { word == long || letter.map { word == "-\($0)" } ?? false }

    /// A flag with a value.
    package init(
        _ name: String, _ value: String, letter: Character? = nil, environment: String? = nil, fallback: String? = nil, help: String
    ) {
        self.name = name
        self.letter = letter
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
