internal import Spec

/// The words after a command's name, read by its flags.
package struct Arguments: Sendable {
    /// What is not a flag, in order.
    package private(set) var positionals: [String] = []
    private var values: [String: String] = [:]
    private var lists: [String: [String]] = [:]
    private var switches: Set<String> = []

    /// Reads `--name value`, `--name=value`, the letters of flags that have one, and switches; `--` ends the flags, `-h` and `--help` ask for help.
    ///
    /// A flag that is absent takes its environment variable's value when that is not empty, then its fallback.
    package static func parse(
        _ words: [String], flags: [Flag], positionalsMax: Int = 0, environment: [String: String] = [:]
    ) throws(UsageError) -> Arguments {
        var arguments = Arguments()
        var rest = words[...]
        while let word = rest.popFirst() {
            if word == "--" {
                arguments.positionals += rest
                break
            }
            if word == "-h" || word == "--help" { throw .helpWanted }
            if word.hasPrefix("-") && word != "-" {
                try arguments.take(word, flags, &rest)
            } else {
                arguments.positionals.append(word)
            }
        }
        guard arguments.positionals.count <= positionalsMax else {
            throw .wrong("\"\(arguments.positionals[positionalsMax])\" is one word too many", hint: nil)
        }
        arguments.fill(from: environment, flags)
        return arguments
    }

    package func has(_ name: String) -> Bool { switches.contains(name) }

    package func value(_ name: String) -> String? { values[name] }

    /// Every value of a repeatable flag, in order.
    package func all(_ name: String) -> [String] { lists[name] ?? [] }

    /// The value of a flag that the command cannot do without.
    package func required(_ name: String, _ flags: [Flag]) throws(UsageError) -> String {
        if let value = values[name] { return value }
        let variable = flags.first { $0.name == name }?.environment
        throw .wrong("--\(name) is missing", hint: variable.map { "give --\(name), or set \($0)" })
    }

    /// A flag's value as a whole number from 1.
    package func count(_ name: String) throws(UsageError) -> Int? {
        guard let text = values[name] else { return nil }
        guard let number = Int(text), number > 0, text.utf8.allSatisfy({ (48...57).contains($0) }) else {
            throw .wrong("--\(name) \"\(text)\" is not a whole number from 1", hint: nil)
        }
        return number
    }

    /// A flag's value as a duration such as `500ms`, `2s`, `1m` or `1h`.
    package func duration(_ name: String) throws(UsageError) -> Duration? {
        guard let text = values[name] else { return nil }
        let digits = text.prefix { ("0"..."9").contains($0) }
        // A pause or a deadline of nothing would keep a loop spinning.
        guard let count = Int64(digits), (1...1_000_000).contains(count) else { throw Self.notDuration(name, text) }
        switch text.dropFirst(digits.count) {
        case "ms": return .milliseconds(count)
        case "s": return .seconds(count)
        case "m", "min": return .seconds(count * 60)
        case "h": return .seconds(count * 3600)
        default: throw Self.notDuration(name, text)
        }
    }

    private static func notDuration(_ name: String, _ text: String) -> UsageError {
        .wrong("--\(name) \"\(text)\" is not a duration", hint: "write 500ms, 2s, 1m or 1h")
    }

    private mutating func take(_ word: String, _ flags: [Flag], _ rest: inout ArraySlice<String>) throws(UsageError) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let flag = flags.first(where: { $0.isNamed(by: parts[0]) }) else {
            throw Self.unknown(String(parts[0]), flags)
        }
        guard !switches.contains(flag.name), values[flag.name] == nil else {
            throw .wrong("--\(flag.name) is given twice", hint: nil)
        }
        if flag.value == nil {
            guard parts.count == 1 else { throw .wrong("--\(flag.name) takes no value", hint: nil) }
            switches.insert(flag.name)
        } else if let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() {
            // A script's variable that is not set must not read like a flag that was not given.
            guard !value.isEmpty else {
                throw .wrong("--\(flag.name) is empty", hint: "is the variable set that it comes from?")
            }
            if flag.isRepeatable { lists[flag.name, default: []].append(value) } else { values[flag.name] = value }
        } else {
            throw .wrong("--\(flag.name) wants a value", hint: flag.value.map { "--\(flag.name) \($0)" })
        }
    }

    private mutating func fill(from environment: [String: String], _ flags: [Flag]) {
        for flag in flags where flag.value != nil && values[flag.name] == nil {
            let inherited = flag.environment.flatMap { environment[$0] }.flatMap { $0.isEmpty ? nil : $0 }
            values[flag.name] = inherited ?? flag.fallback
        }
    }

    private static func unknown(_ word: String, _ flags: [Flag]) -> UsageError {
        let names = (flags.map(\.name) + ["help"]).map { "--\($0)" }
        let begun = names.filter { $0.hasPrefix(word) && word.utf8.count > 3 }
        let near = begun.count == 1 ? begun.first : Suggestion.nearest(to: word, among: names)
        return .wrong("unknown flag \(word)", hint: near.map { "did you mean \($0)?" })
    }
}

/// Why a command line cannot be carried out.
package enum UsageError: Error, Hashable, Sendable {
    case helpWanted
    case wrong(String, hint: String?)
}
