import Reconciler
import Spec

extension Command {
    static let schema = Command(
        name: "schema",
        summary: "Print JSON Schema for editors.",
        usage: "schema [KIND] [--defaults|--inheriting] [--output DIR]",
        details: """
            Without KIND the schema is for documents of every kind, chosen by `kind`.
            With --output it writes a file for each kind, all.json, inheriting.json and defaults.json.
            An editor is told of it by the first line of a file,
              # yaml-language-server: $schema=../.schemas/all.json
            or for a whole repository by .vscode/settings.json:
              "yaml.schemas": { ".schemas/all.json": ["**/*.yaml"], ".schemas/defaults.json": ["**/_defaults.yaml"] }
            """,
        flags: [
            Flag(switch: "defaults", help: "for _defaults.yaml: no name, nothing required, null clears"),
            Flag(switch: "inheriting", help: "for files below a _defaults.yaml, which may give what they leave out"),
            Flag("output", "DIR", help: "write every schema into this folder"),
        ],
        positionalsMax: 1
    ) { arguments in
        if let folder = arguments.value("output") {
            guard arguments.positionals.isEmpty else { throw UsageError.wrong("--output writes every kind", hint: nil) }
            return Command.write(to: folder)
        }
        let form: Schema.Form = arguments.has("defaults") ? .defaults : arguments.has("inheriting") ? .inheriting : .whole
        guard let word = arguments.positionals.first else {
            Console.print(Schema.combined(form))
            return 0
        }
        guard let kind = Kind(word: word) else {
            let near = Suggestion.nearest(to: word, among: Kind.allCases.map(\.rawValue))
            throw UsageError.wrong("there is no kind \(word)", hint: near.map { "did you mean \($0)?" })
        }
        guard Schema.kinds(form).contains(kind) else {
            throw UsageError.wrong("a \(kind.rawValue) has no defaults", hint: nil)
        }
        Console.print(Schema.text(of: kind, form))
        return 0
    }

    fileprivate static func write(to folder: String) -> Int32 {
        do {
            try TextFolder(folder).write(Schema.files)
        } catch {
            Console.printError("charter schema: \(error)")
            return 3
        }
        Console.printError("wrote \(Schema.files.count) schemas into \(folder)")
        return 0
    }
}
