import Reconciler
import Spec
import Store

extension Command {
    static let history = Command(
        name: "history",
        summary: "List the applied revisions, or what became of one resource, the newest first.",
        usage: "history [KIND NAME] --database URL [flags]",
        details: """
            Of a resource every revision that touched it is shown with its fields, through renames, deletions and re-creations.
            \(momentDetails)
            exit codes: 0 shown, 1 an error or nothing of that name, 2 wrong command line
            """,
        flags: SharedFlags.database + [
            Flag("org", "NAME", help: "the organization of the resource; - for the platform"),
            Flag("unit", "NAME", help: "only revisions that moved this unit"),
            Flag("from", "REV|TIME", fallback: "latest", help: "the newest revision to list"),
            Flag("limit", "N", fallback: "20", help: "how many revisions are listed"),
        ] + SharedFlags.json,
        positionalsMax: 2, showsProgress: true
    ) { arguments in
        let isJSON = arguments.has("json")
        let limit = try arguments.count("limit") ?? 20
        if arguments.positionals.isEmpty {
            let list = try arguments.looking { transaction in
                try RevisionList(
                    transaction, through: try arguments.moment("from").resolve(transaction), unit: arguments.value("unit"),
                    limit: limit)
            }
            Console.print(isJSON ? list.json.text : list.text)
        } else {
            let query = try arguments.oneResource(arguments.positionals)
            let history = try arguments.looking { try ResourceHistory($0, query, limit: limit) }
            Console.print(isJSON ? history.json.text : history.text)
        }
        return 0
    }

    static let show = Command(
        name: "show",
        summary: "Show what one revision changed, field by field.",
        usage: "show REV|TIME --database URL [--json]",
        details: """
            Names for each change the place, the commit and its author; digests of keys are shown by their beginning.
            \(momentDetails)
            exit codes: 0 shown, 1 an error or no such revision, 2 wrong command line
            """,
        flags: SharedFlags.database + SharedFlags.json,
        positionalsMax: 1, showsProgress: true
    ) { arguments in
        let moment = try Moment.parse(arguments.positionals.first ?? "latest")
        let difference = try arguments.looking { try RevisionDifference($0, of: moment.resolve($0)) }
        Console.print(arguments.has("json") ? difference.jsonOfOne.text : difference.textOfOne)
        return 0
    }

    static let blame = Command(
        name: "blame",
        summary: "Show for each field of a resource the revision, commit, author and line it comes from.",
        usage: "blame KIND NAME[.FIELD] --database URL [flags]",
        details: """
            A field that a `_defaults.yaml` gives is marked (default), and answered for by the commit that changed that file.
            With --repo Git is asked which commit it was where one revision brought several.
            \(momentDetails)
            exit codes: 0 shown, 1 an error or nothing of that name, 2 wrong command line
            """,
        flags: SharedFlags.repository + SharedFlags.database + [
            Flag("org", "NAME", help: "the organization of the resource; - for the platform"),
            Flag("at", "REV|TIME", fallback: "latest", help: "as it was then"),
        ] + SharedFlags.json,
        positionalsMax: 2, showsProgress: true
    ) { arguments in
        let query = try arguments.oneResource(arguments.positionals)
        let source = arguments.value("repo") == nil ? nil : try arguments.source()
        let request = BlameRequest(query, at: try arguments.moment("at"), source: source)
        ProgressBoard.begin(.looking)
        let (blame, problem) = try request.run(checkedConnection(arguments.database()))
        if let problem { Console.printError("charter blame: the repository was not asked: \(problem)") }
        Console.print(arguments.has("json") ? blame.json.text : blame.text)
        return 0
    }

    /// How the commands of the past take a point in it.
    static let momentDetails = """
        REV is a revision's number, `latest`, `latest~1`, or a commit's id or its beginning;
        TIME is 2026-11-21, 2026-11-21T09:00:00Z, or 2h for two hours ago.
        """
}

extension Arguments {
    /// One transaction for one consistent picture; nothing is written.
    func looking<Answer>(_ body: (Transaction) throws -> Answer) throws -> Answer {
        ProgressBoard.begin(.looking)
        return try Command.checkedConnection(database()).transaction(.repeatableRead, body)
    }

    func moment(_ flag: String) throws -> Moment { try Moment.parse(value(flag) ?? "latest") }

    /// What exactly one resource is to be asked for by.
    func oneResource(_ words: some Collection<String>) throws -> ResourceQuery {
        let query = try ResourceQuery(words, org: value("org"))
        guard query.name != nil else {
            throw UsageError.wrong("a kind and a name are wanted", hint: "such as: APIKey checkout, or acme/APIKey/checkout")
        }
        return query
    }
}
