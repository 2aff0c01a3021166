import Reconciler
import Services
import Spec
import Store

extension Command {
    static let status = Command(
        name: "status",
        summary: "Show how far the newest commit has come: fetched, validated, applied, enforced.",
        usage: "status --database URL [--json] [--wait CONDITION[=STATUS] [--commit REV] [--timeout TIME]]",
        details: """
            Names file, line and reason of a rejected commit, what each gateway enforces, and whether the digests of PostgreSQL's rows
            and of the gateways are those of what was applied; with --repo also that of the branch.
            Conditions are Ready, Fetched, Verified, Valid, Applied, Enforced, SourceStale, Drifted and Suspended. --wait looks until one
            is True, or what stands after =, for every unit, or for one. With --commit it waits for that commit, and ends
            at once when it is rejected; with --repo a later commit that contains it will do, and REV may be any name.
            exit codes: 0 shown, or the condition holds, 1 an error, or it does not hold in time, 2 wrong command line
            """,
        flags: SharedFlags.database + repository + [
            Flag("unit", "NAME", help: "show this unit alone"),
            Flag("wait", "CONDITION", help: "wait until it holds, such as Enforced or Drifted=False"),
            Flag("commit", "REV", help: "of this commit, by its id or 7 and more of its digits"),
            Flag("timeout", "TIME", fallback: "30s", help: "how long --wait waits"),
        ] + SharedFlags.json,
        showsProgress: true
    ) { arguments in
        guard arguments.value("wait") == nil else { return try wait(arguments) }
        guard arguments.value("commit") == nil else { throw UsageError.wrong("--commit needs --wait", hint: nil) }
        let database = try arguments.database()
        let unit = arguments.value("unit")
        let connection = try checkedConnection(database)
        var report = try StatusReport.read(connection, addingUpRows: true)
        let overrides = try OverrideListing(connection)
        if arguments.value("repo") != nil {
            let name = try arguments.unit()
            report.digests.git[name] = try GitDigest.read(arguments.source(isPinned: false), database: database, unit: name)
        }
        if let unit {
            guard let limited = report.limited(to: unit) else {
                Console.printError("charter status: there is no unit \(unit); there is \(report.units.map(\.name).joined(separator: ", "))")
                return 1
            }
            report = limited
        }
        Console.print(arguments.has("json") ? overrides.added(to: report.json).text : overrides.added(to: report.text))
        return 0
    }

    /// Looking asks the database alone, unless somebody names a repository here.
    private static let repository = SharedFlags.repository.filter { $0.name != "commit" }.map { flag in
        guard flag.name == "repo" else { return flag }
        return Flag("repo", "PATH|URL", help: "ask this repository too: what its branch holds, and which commits contain which")
    }

    private static func wait(_ arguments: Arguments) throws -> Int32 {
        let text = try arguments.required("wait", [])
        guard var wait = ConditionWait(text) else {
            let names = Condition.Name.allCases.map(\.rawValue).joined(separator: ", ")
            throw UsageError.wrong("--wait \"\(text)\" is not a condition", hint: "one of \(names); with =True, =False or =Unknown")
        }
        wait.unit = arguments.value("unit")
        wait.source = arguments.value("repo") == nil ? nil : try arguments.source(isPinned: false)
        wait.commit = try arguments.value("commit").map { try commit($0, wait.source) }
        let timeout = try arguments.duration("timeout") ?? .seconds(30)
        let (answer, report) = try wait.run(checkedConnection(arguments.database()), within: timeout)
        if arguments.has("json") { Console.print(report.json.text) }
        if answer.holds {
            if !arguments.has("json") { Console.print(answer.message) }
            return 0
        }
        let reason = if case .never = answer { "" } else { "not within \(timeout): " }
        Console.printError("charter status: \(reason)\(answer.message)")
        return 1
    }

    /// The id, or its beginning where no repository can be asked.
    private static func commit(_ text: String, _ source: GitSource?) throws -> String {
        if let source {
            try source.refresh()
            return try source.commit(named: text, in: source.open()).id.hex
        }
        let digits = text.lowercased()
        guard (7...40).contains(digits.utf8.count), digits.allSatisfy(\.isHexDigit) else {
            throw UsageError.wrong("--commit \"\(text)\" is not a commit's id", hint: "7 to 40 digits, or any name with --repo")
        }
        return digits
    }
}
