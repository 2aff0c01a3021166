import Reconciler
import Spec

extension Command {
    static let at: Command = Command(
        name: "at",
        summary: "Ask about the applied state as it was: at REV|TIME get, tree or blame.",
        usage: "at REV|TIME get|tree|blame [WORDS] [flags]",
        details: """
            The same as charter get, tree and blame with --at.
            \(momentDetails)
            exit codes: those of the command
            """,
        runWords: { words in
            if words == ["--help"] || words == ["-h"] { return Command.at.printHelp() }
            guard words.count >= 2 else {
                return Command.at.refuse("a moment and a command are wanted", hint: "charter at 12 get APIKey checkout")
            }
            guard let command = [Command.get, .tree, .blame].first(where: { $0.name == words[1] }) else {
                return Command.at.refuse("\"\(words[1])\" cannot be asked of the past", hint: "get, tree or blame")
            }
            return command.start(Array(words.dropFirst(2)) + ["--at", words[0]])
        }
    )

    static let tree = Command(
        name: "tree",
        summary: "Show all that is applied: organizations, kinds and names.",
        usage: "tree [ORG] --database URL [flags]",
        details: """
            ORG is an organization's name, or - for the platform.
            \(momentDetails)
            exit codes: 0 shown, 1 an error, 2 wrong command line
            """,
        flags: SharedFlags.database + [
            Flag("at", "REV|TIME", fallback: "latest", help: "as it was then")
        ] + SharedFlags.json,
        positionalsMax: 1, showsProgress: true
    ) { arguments in
        let moment = try arguments.moment("at")
        let tree = try arguments.looking {
            try ResourceTree($0, at: moment.resolve($0), org: arguments.positionals.first)
        }
        Console.print(arguments.has("json") ? tree.json.text : tree.text)
        return 0
    }
}
