import Glibc
import Reconciler
import Services

extension Command {
    static let plan = Command(
        name: "plan",
        summary: "Show what applying the branch would change; changes nothing.",
        usage: "plan --repo PATH|URL --database URL [flags]",
        details: """
            Drift is shown first: what was changed in the database by another hand than Charter's.
            With --against no database is asked: the plan is made from what charter export wrote, and drift is not known.
            The format is github where GITHUB_ACTIONS=true, and text elsewhere; markdown is for the comment of a pull request,
            comment the same as JSON for the Git host's API, and github-status, gitlab-status and gitea-status what it takes for the commit's status.
            With --out the plan is saved, readable by its owner alone and without values of any resource: charter apply FILE then
            applies exactly that, or says what moved. A commit that is rejected saves nothing.
            exit codes: 0 done, 1 an error or a rejected commit, 2 wrong command line;
            with --detailed-exitcode 2 says that something would change, and 1 also that the command line is wrong
            """,
        flags: SharedFlags.repository + SharedFlags.unit + SharedFlags.database + [
            Flag("rev", "REV", help: "plan this commit instead of the branch"),
            Flag("against", "FILE", help: "compare with this export instead of a database"),
            Flag("format", PlanFormat.allCases.map(\.rawValue).joined(separator: "|"), help: "how the plan is written"),
            Flag("link", "URL", help: "where a status leads whoever follows it"),
            Flag("output", "FILE", help: "where it is written, instead of standard output"),
            Flag("out", "FILE", help: "save the plan there for charter apply FILE"),
            Flag(switch: "detailed-exitcode", help: "exit with 2 when something would change"),
            Flag(switch: "json", help: "the same as --format json"),
        ],
        two: .answerWith(flag: "--detailed-exitcode"), showsProgress: true
    ) { arguments in
        if let path = arguments.value("out"), path == arguments.value("output") {
            throw UsageError.wrong("--out and --output name the same file", hint: "--out saves the plan, --output is what people read")
        }
        let environment = getenv("GITHUB_ACTIONS").map { ["GITHUB_ACTIONS": String(cString: $0)] } ?? [:]
        let format = try PlanFormat.named(
            arguments.value("format") ?? (arguments.has("json") ? "json" : nil), environment: environment)
        let source = try arguments.source()
        var request = PlanRequest(
            arguments.value("rev").map { .commit(source, named: $0) } ?? .tip(source), against: try arguments.planBase(),
            unit: try arguments.unit())
        request.keep = { ProcessLifetime.keep($0) }
        let outcome = try request.run()
        var text = outcome.rendered(
            as: format, below: source.folder, unit: request.unit, link: arguments.value("link"))
        if format == .text, case .database(let url) = request.against { text = try OverrideListing(checkedConnection(url)).added(to: text) }
        if let path = arguments.value("output") {
            try OutputFile.write([OutputFile(path: path, text: text + "\n")], over: true)
        } else {
            Console.print(text)
        }
        switch outcome {
        case .rejected: return 1
        case .planned(let plan, _):
            if let path = arguments.value("out") {
                let file = OutputFile(path: path, text: PlanFile(plan, of: source).text, isPrivate: true)
                try OutputFile.write([file], over: true)
            }
            return arguments.has("detailed-exitcode") && !plan.isEmpty ? 2 : 0
        }
    }
}

extension Arguments {
    /// An export where one is named, else the database.
    func planBase() throws -> PlanRequest.Against {
        guard let path = value("against") else { return .database(try database()) }
        return .export(try export(at: path))
    }

    func export(at path: String) throws -> AppliedExport {
        let bytes = try FileText.read(path, bytesMax: AppliedExport.bytesMax)
        guard let text = String(validating: bytes, as: UTF8.self) else { throw CommandFailure("\(path) is not UTF-8") }
        do { return try AppliedExport(text: text) } catch {
            throw CommandFailure("\(path) cannot be read: \(error)")
        }
    }
}
