import Reconciler

extension Command {
    static let validate = Command(
        name: "validate",
        summary: "Check a folder of declarations, without Git and without a database.",
        usage: "validate [PATH] [--json]",
        details: """
            Reads every *.yaml and *.yml below PATH (default: this folder) and prints all mistakes at once.
            exit codes: 0 no errors (there may be warnings), 1 errors, 2 wrong command line, 3 the folder cannot be read
            """,
        flags: SharedFlags.json,
        positionalsMax: 1,
        usageExitCode: 2
    ) { arguments in
        let path = arguments.positionals.first ?? "."
        let reading: FolderReader
        do {
            reading = try FolderReader(path)
        } catch {
            Console.printError("charter validate: \(error)")
            return 3
        }
        guard !reading.files.isEmpty || !reading.refusals.isEmpty else {
            Console.printError("charter validate: \(path) has no YAML files")
            return 3
        }
        let check = DeclarationCheck(files: reading.files, refusals: reading.refusals)
        Console.print(arguments.has("json") ? check.json.text : check.text)
        return check.errorCount == 0 ? 0 : 1
    }
}
