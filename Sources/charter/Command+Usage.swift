import Policy
import Reconciler
import Services
import Spec
import Store

extension Command {
    static let usage = Command(
        name: "usage",
        summary: "Add up what was used and what it cost, export the ledger, or correct its prices.",
        usage: "usage [export | reprice --reason WHY] --database URL [flags]",
        details: """
            The sums are the ledger's to the nano-USD. A period holds its first moment and not its last: --from 2026-10 --to 2026-11 is
            October. MOMENT is 2026-11, 2026-11-21, 2026-11-21T09:00:00Z, or 7d for seven days ago; dates are days of --zone.
            --by takes org, project, key, member, model, provider, endpoint, route, flags, tag:NAME and one of hour, day, week, month,
            year, with commas. Names are those of the lineage: usage of a key that was renamed stands under its present name.
            export prints the rows themselves, the oldest first, as they are in one snapshot of the database.
            reprice books the difference to what the prices applied now say for the time of each attempt, as rows of their own: a price that
            was learned late, or wrong. Twice is as once, and --dry-run says what it would book. What a budget of the present window has
            counted grows at once; gateways that run count less only after they start anew. It is for whoever runs this host: --as ORG/MEMBER
            is refused.
            exit codes: 0 shown, 1 an error or nothing of that name, 2 wrong command line, 3 the output could not be written
            """,
        flags: SharedFlags.database + [
            Flag("from", "MOMENT", help: "the first moment (default: the beginning of this month)"),
            Flag("to", "MOMENT", help: "the first moment that is no more part of it (default: the end of today)"),
            Flag("zone", "ZONE", fallback: "UTC", help: "the IANA zone whose days and months are meant"),
            Flag("by", "LIST", help: "what to tell apart, such as project,model,day"),
            Flag("org", "NAME", help: "only this organization"),
            Flag("project", "NAME", help: "only this project"),
            Flag("key", "NAME", help: "only this API key"),
            Flag("member", "NAME", help: "only keys of this member"),
            Flag(repeatable: "model", "GLOB", help: "only these models: provider/model, in which * stands for anything"),
            Flag(repeatable: "tag", "NAME=VALUE", help: "only keys with this tag; several must all be there"),
            Flag(switch: "flagged", help: "only rows whose figures are doubtful"),
            Flag("format", "FORMAT", help: "of an export: csv (default) or jsonl"),
            Flag("reason", "TEXT", help: "why prices are corrected; the audit keeps it"),
            Flag("as", "NAME", help: "who corrects them; no member, since no permission lets one (default: the account of this process)"),
            Flag(switch: "dry-run", help: "only say what a correction would book"),
        ] + SharedFlags.json,
        positionalsMax: 1, showsProgress: true
    ) { arguments in
        let request = try usageRequest(arguments)
        switch arguments.positionals.first {
        case nil:
            try arguments.refuse(["format"], as: "export")
            try arguments.refuse(repricingFlags, as: "reprice")
            let listing = try arguments.looking { try request.run($0) }
            Console.print(arguments.has("json") ? listing.json.text : listing.text)
        case "export":
            try arguments.refuse(repricingFlags, as: "reprice")
            try export(request, arguments)
        case "reprice":
            try arguments.refuse(["format"], as: "export")
            try reprice(request, arguments)
        default: throw UsageError.wrong("usage knows two words: export and reprice", hint: "charter usage export --format csv")
        }
        return 0
    }

    private static func usageRequest(_ arguments: Arguments) throws -> UsageRequest {
        var request = try UsageRequest(
            from: arguments.value("from"), to: arguments.value("to"), zone: arguments.value("zone"), by: arguments.value("by"),
            now: .now)
        request.filter.org = arguments.value("org")
        request.filter.project = arguments.value("project")
        request.filter.key = arguments.value("key")
        request.filter.member = arguments.value("member")
        request.filter.models = arguments.all("model")
        request.filter.tags = try arguments.all("tag").map { text in
            do { return try Tag.parse(text) } catch { throw UsageError.wrong("--tag \"\(text)\": \(error)", hint: "such as team=search") }
        }
        request.filter.isFlagged = arguments.has("flagged")
        return request
    }

    private static func export(_ request: UsageRequest, _ arguments: Arguments) throws {
        let text = arguments.value("format") ?? UsageExport.Format.csv.rawValue
        guard let format = UsageExport.Format(rawValue: text) else {
            throw UsageError.wrong("--format \"\(text)\" is not known", hint: "csv or jsonl")
        }
        guard arguments.value("by") == nil, !arguments.has("json") else {
            throw UsageError.wrong("an export has every row, apart from nothing", hint: "charter usage --by … --json adds up")
        }
        let export = UsageExport(request: request, format: format)
        try export.run(checkedConnection(arguments.database()), tell: { ProgressBoard.take($0, .billing) }) { lines in
            Console.print(lines)
            return Console.outputProblem == nil
        }
    }

    private static let repricingFlags = ["reason", "as", "dry-run"]

    private static func reprice(_ request: UsageRequest, _ arguments: Arguments) throws {
        guard arguments.value("by") == nil else { throw UsageError.wrong("prices are corrected by model", hint: "leave --by out") }
        let isTrial = arguments.has("dry-run")
        let repricing = Repricing(
            request: request, reason: isTrial ? "" : try arguments.required("reason", []),
            actor: try arguments.hostActor(), isTrial: isTrial)
        let (reader, writer) = (try checkedConnection(arguments.database()), try checkedConnection(arguments.database()))
        let listing = try repricing.run(reader, writer) { ProgressBoard.take($0, .repricing) }
        Console.print(arguments.has("json") ? listing.json.text : listing.text)
    }
}

extension ProgressBoard {
    fileprivate static func take(_ progress: LedgerProgress, _ phase: Phase) {
        switch progress {
        case .looking: begin(.looking)
        case .begun(let rows): begin(phase, of: rows)
        case .advanced(let rows): advance(by: rows)
        }
    }
}

extension Arguments {
    /// Refuses flags that only another word of the command takes.
    fileprivate func refuse(_ flags: [String], as word: String) throws(UsageError) {
        guard let flag = flags.first(where: { has($0) || value($0) != nil }) else { return }
        throw .wrong("--\(flag) is of \(word)", hint: "charter usage \(word)")
    }
}
