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

            With --base only what differs from where the branch left REV is judged, and what depends on it; nothing else
            is parsed, so it is fast. REV is a branch, a tag, a commit, or any other name that Git takes for one.

            The format is github where GITHUB_ACTIONS=true, with a summary of the job, and text elsewhere. On GitLab,
            --report gitlab=gl-code-quality-report.json writes what artifacts:reports:codequality takes.

            exit codes: 0 no errors (there may be warnings), 1 errors, 2 wrong command line, 3 nothing could be judged, or a
            path holds nothing to check
            """,
        flags: ValidateFlags.all,
        positionalsMax: .max, showsProgress: true
    ) { arguments in
        let format = arguments.value("format") ?? (arguments.has("json") ? "json" : nil)
        guard !arguments.has("json") || format == "json" else {
            throw UsageError.wrong("--json and --format are both given", hint: "--json is the same as --format json")
        }
        let request = try ReportRequest(
            format: format,
            output: arguments.value("output"), extras: arguments.all("report"), environment: ValidateFlags.environment)
        do {
            let root = try DeclarationRoot.find(
                arguments.positionals, mayBeMissing: arguments.value("rev") != nil)
            var validation = Validation(root: root, revision: arguments.value("rev"), base: arguments.value("base"))
            validation.limits = try arguments.limits()
            let check = try validation.run()
            ProcessLifetime.keep(check)
            let report = check.report(of: root)
            try request.deliver(report)
            return report.errorCount == 0 ? 0 : 1
        } catch let error as UsageError {
            throw error
        } catch DeclarationRootError.empty {
            throw UsageError.wrong("\(DeclarationRootError.empty)", hint: "is the variable set that it comes from?")
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
            Flag("rev", "REV", help: "judge this commit of the Git repository, not the files as they lie there"),
            Flag("base", "REV", help: "judge only what changed since this commit, and what depends on it"),
            Flag(
                "format", ReportFormat.allCases.map(\.rawValue).joined(separator: "|"),
                help: "how the report is written"),
            Flag("output", "FILE", help: "where it is written, instead of standard output"),
            Flag(repeatable: "report", "FORMAT=FILE", help: "a further report in a file; may be given several times"),
        ] + SharedFlags.limits + [Flag(switch: "json", help: "the same as --format json")]

    /// What tells one service from another.
    static var environment: [String: String] {
        Dictionary(
            uniqueKeysWithValues: ["GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"].compactMap { name in
                getenv(name).map { (name, String(cString: $0)) }
            })
    }
}
