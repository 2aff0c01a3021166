import Glibc
import Reconciler
import Spec

extension Command {
    static let validate = Command(
        name: "validate",
        summary: "Check declarations without a database, credentials or a network.",
        usage: "validate [PATH…] [flags]",
        details: """
            Reads every *.yaml and *.yml below PATH (default: this folder) and prints all mistakes at once.
            A file or an inner folder is judged as part of the repository around it, whose root is the nearest folder
            above with charter.yaml, else with .git: all of it is read, and what touches the given paths is shown.

            The format is github where GITHUB_ACTIONS=true, with a summary of the job, and text elsewhere. On GitLab,
            --report gitlab=gl-code-quality-report.json writes what artifacts:reports:codequality takes.

            exit codes: 0 no errors (there may be warnings), 1 errors, 2 wrong command line, 3 nothing could be read
            """,
        flags: ValidateFlags.all,
        positionalsMax: .max,
        usageExitCode: 2
    ) { arguments in
        let request = try ReportRequest(
            format: arguments.value("format") ?? (arguments.has("json") ? "json" : nil),
            output: arguments.value("output"), extras: arguments.all("report"), environment: ValidateFlags.environment)
        do {
            let root = try DeclarationRoot.find(arguments.positionals)
            let reading = try FolderReader(root.folder)
            guard !reading.files.isEmpty || !reading.refusals.isEmpty else {
                Console.printError("charter validate: \(root.folder) has no YAML files")
                return 3
            }
            let report = DeclarationCheck(files: reading.files, refusals: reading.refusals).report(of: root)
            try request.deliver(report)
            return report.errorCount == 0 ? 0 : 1
        } catch DeclarationRootError.several(let one, let other) {
            throw UsageError.wrong("\(DeclarationRootError.several(one, other))", hint: "validate them one by one")
        } catch {
            Console.printError("charter validate: \(error)")
            return 3
        }
    }
}

/// What `charter validate` can be told.
enum ValidateFlags {
    static let all =
        [
            Flag(
                "format", ReportFormat.allCases.map(\.rawValue).joined(separator: "|"),
                help: "how the report is written"),
            Flag("output", "FILE", help: "where it is written, instead of standard output"),
            Flag(repeatable: "report", "FORMAT=FILE", help: "a further report in a file; may be given several times"),
        ] + [Flag(switch: "json", help: "the same as --format json")]

    /// What tells one service from another.
    static var environment: [String: String] {
        Dictionary(
            uniqueKeysWithValues: ["GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"].compactMap { name in
                getenv(name).map { (name, String(cString: $0)) }
            })
    }
}
