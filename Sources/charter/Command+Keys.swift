import Reconciler

extension Command {
    static let keys = Command(
        name: "keys",
        summary: "Mint the secret of an API key.",
        usage: "keys new [--name NAME] [--quiet | --json]",
        details: """
            The secret is printed once and stored nowhere; what is committed is its SHA-256.
            With --quiet the secret and the digest are printed alone, one a line.
            """,
        flags: [
            Flag("name", "NAME", help: "the key's name, for the text only"),
            Flag(switch: "quiet", help: "print the secret and its sha256 alone, one a line"),
        ] + SharedFlags.json,
        positionalsMax: 1
    ) { arguments in
        guard arguments.positionals == ["new"] else {
            throw UsageError.wrong("keys knows one word: new", hint: "charter keys new --name checkout-prod")
        }
        let key = MintedKey()
        if arguments.has("json") {
            Console.print(key.json(name: arguments.value("name")).text)
        } else {
            Console.print(arguments.has("quiet") ? key.bareLines : key.text(name: arguments.value("name")))
        }
        return 0
    }
}
