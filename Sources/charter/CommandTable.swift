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
        .approve,
        .set,
        .add,
        .remove,
        .changes,
        .suspend,
        .resume,
        .export,
        .watch,
        .serveAdmin,
        .drift,
        .status,
        .usage,
        .why,
        .budget,
        .override,
        .events,
        .audit,
        .history,
        .show,
        .diff,
        .at,
        .tree,
        .blame,
        .rollback,
        .migrate,
        .grants,
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
            return MeaningOfTwo.exitCodeOfMisuse
        }
        let rest = Array(words.dropFirst())
        if name == FetchChild.command { return FetchChild.run(environment: environment(FetchChild.variables)) }
        if name == PushChild.command { return PushChild.run(environment: environment(PushChild.variables)) }
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
        guard words.count == 1 else { return misuse("help tells of one command at a time", nil) }
        return command.start(["--help"])
    }

    private static func unknown(_ name: String) -> Int32 {
        if name.hasPrefix("-") { return misuse("\(name) stands before the command", "flags follow it: charter validate --json") }
        let names = all.map(\.name) + ["help"]
        let begun = names.filter { $0.hasPrefix(name) && name.utf8.count > 1 }
        let near = begun.count == 1 ? begun.first : Suggestion.nearest(to: name, among: names)
        return misuse(name.isEmpty ? "the command is empty" : "unknown command \(name)", near.map { "did you mean \($0)?" })
    }

    private static func misuse(_ message: String, _ hint: String?) -> Int32 {
        Console.printError("charter: \(message)" + (hint.map { "\n  \($0)" } ?? "") + "\n  see charter help")
        return MeaningOfTwo.exitCodeOfMisuse
    }

    /// Those of these variables that are set.
    private static func environment(_ names: [String]) -> [String: String] {
        Dictionary(uniqueKeysWithValues: names.compactMap { name in getenv(name).map { (name, String(cString: $0)) } })
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
