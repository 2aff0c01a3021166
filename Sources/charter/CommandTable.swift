import Glibc
import Reconciler
import Spec

/// Every subcommand, in the order in which the help lists them.
enum CommandTable {
    static let all: [Command] = [
        .validate,
        .codeowners,
        .get,
        .plan,
        .apply,
        .watch,
        .drift,
        .status,
        .migrate,
        .keys,
        .import,
        .explain,
        .schema,
        .simulate,
        .version,
    ]

    static func run(_ words: [String]) -> Int32 {
        guard let name = words.first else {
            Console.printError(overview)
            return 1
        }
        let rest = Array(words.dropFirst())
        if name == FetchChild.command { return fetch() }
        if ["help", "-h", "--help"].contains(name) { return help(rest) }
        if name == "--version" { return Command.version.start([]) }
        guard let command = all.first(where: { $0.name == name }) else { return unknown(name) }
        return command.start(rest)
    }

    private static func help(_ words: [String]) -> Int32 {
        guard let name = words.first else {
            Console.print(overview)
            return 0
        }
        guard let command = all.first(where: { $0.name == name }) else { return unknown(name) }
        return command.start(["--help"])
    }

    private static func unknown(_ name: String) -> Int32 {
        let near = Suggestion.nearest(to: name, among: all.map(\.name) + ["help"])
        Console.printError(
            "charter: unknown command \(name)" + (near.map { "\n  did you mean \($0)?" } ?? "") + "\n  see charter help"
        )
        return 1
    }

    private static func fetch() -> Int32 {
        FetchChild.run(
            environment: Dictionary(
                uniqueKeysWithValues: FetchChild.variables.compactMap { name in
                    getenv(name).map { (name, String(cString: $0)) }
                }))
    }

    private static var overview: String {
        let width = all.map(\.name.count).max() ?? 0
        let rows = all.map { "  \($0.name)\(String(repeating: " ", count: width - $0.name.count))  \($0.summary)" }
        return """
            Charter keeps the rules of an AI platform in Git and enforces them on live traffic.

            usage: charter <command> [flags]

            commands:
            \(rows.joined(separator: "\n"))

            charter help <command> tells more about one.
            """
    }
}
