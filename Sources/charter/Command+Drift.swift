import Reconciler
import Services
import Spec
import Store

extension Command {
    static let drift = Command(
        name: "drift",
        summary: "Show what was changed in the database by another hand than Charter's, and say what is to become of it.",
        usage: "drift [list | revert | tolerate | adopt] [RESOURCE[#/FIELD]] --database URL [flags]",
        details: """
            charter drift --database URL [--format text|json|markdown] [--pending --repo PATH|URL]
                compares all rows with what was applied, now, and tells who wrote what differs (see charter migrate --drift-blame).
            charter drift list [--all] --database URL
                lists what the scans of charter watch keep; with --all also what is settled, of the last 90 days.
            charter drift revert [RESOURCE[#/FIELD]] --database URL [--as NAME]
                has charter watch put it right at its next turn, whatever the mode of its kind, and also where it left off after
                another writer had changed it back again and again. A change that was to declare it is withdrawn. Without RESOURCE all there is,
                or all of the member's organization.
            charter drift tolerate RESOURCE[#/FIELD] (--until TIME | --for TIME) --reason WHY --database URL [--as NAME]
                has charter watch leave what was found alone until then, and not count it, unless it changes again; the row's other
                fields are put right as ever. Whatever commit is applied next, and charter apply, put it right all the same.
            charter drift adopt [RESOURCE[#/FIELD]] --as ORG/MEMBER [--reason WHY] --database URL
                asks for a commit that declares what was found: on the branch, or on one of its own, as writeBack of charter.yaml and the
                member's rights have it. Until it is applied the row stays as it is. Asked again it is the same change. Without RESOURCE all
                that is open, in one change of each unit and 256 resources.
            RESOURCE is ORG/KIND/NAME, with - for the platform. All three acts stand in the audit.
            exit codes: 0 none, or done; 1 an error, a refusal or a wrong command line; 2 drift was found; with --pending 3 where there is none,
            and the branch would change something
            """,
        flags: SharedFlags.repository + SharedFlags.unit + SharedFlags.database + [
            Flag("format", "text|json|markdown", help: "how it is written"),
            Flag(switch: "pending", help: "ask the repository too whether anything waits to be applied"),
            Flag(switch: "all", help: "list what is settled too"),
            Flag("until", "TIME", help: "when a toleration ends, as 2026-11-21T18:00:00Z"),
            Flag("for", "TIME", help: "or after what time, as 2h"),
            Flag("reason", "TEXT", help: "why it is tolerated or adopted; the audit keeps it"),
            Flag("as", "NAME", help: "who says so; a member, as ORG/MEMBER, must hold override.write (default: the account of this process); with adopt always a member"),
            Flag("wait", "TIME", fallback: "2s", help: "with adopt, how long to wait until it is proposed or applied"),
        ] + SharedFlags.json,
        positionalsMax: 2, two: .answer, showsProgress: true
    ) { arguments in
        let subject = try arguments.positionals.dropFirst().first.map { try DriftSubject($0) }
        switch arguments.positionals.first {
        case nil: return try showDrift(arguments)
        case "list" where subject == nil: return try listDrift(arguments)
        case "revert":
            return try act(arguments) { connection in
                let (actor, tenancy) = try driftActor(subject, arguments, connection)
                return try DriftRevertRequest(subject: subject, actor: actor, tenancy: tenancy).run(connection)
            }
        case "tolerate":
            guard let subject else { throw UsageError.wrong("tolerate wants a resource", hint: "charter drift tolerate acme/Budget/team …") }
            let (end, reason) = (try arguments.tolerationEnd(), try arguments.required("reason", []))
            return try act(arguments) { connection in
                let (actor, tenancy) = try driftActor(subject, arguments, connection)
                return try DriftTolerateRequest(subject: subject, end: end, reason: reason, actor: actor, tenancy: tenancy).run(connection)
            }
        case "adopt": return try adopt(subject, arguments)
        default: throw UsageError.wrong("drift knows list, revert, tolerate and adopt", hint: "charter drift revert acme/Budget/team")
        }
    }

    private static func showDrift(_ arguments: Arguments) throws -> Int32 {
        let format = try arguments.driftFormat()
        let connection = try checkedConnection(arguments.database())
        let page = try DriftReport.page(connection)
        let overrides = try OverrideListing(connection)
        switch format {
        case .text: Console.print(overrides.added(to: page.text))
        case .json: Console.print(overrides.added(to: page.json).text)
        case .markdown: Console.print(overrides.added(to: page.markdown))
        }
        if page.findings.contains(where: { $0.state != .tolerated }) { return 2 }
        guard arguments.has("pending") else { return 0 }
        switch try PlanRequest(.tip(arguments.source()), against: .database(arguments.database()), unit: arguments.unit()).run() {
        case .rejected: return 1
        // What is tolerated is drift of the plan's too, and nothing that the branch would change.
        case .planned(let plan, _): return plan.changes.isEmpty ? 0 : 3
        }
    }

    private static func listDrift(_ arguments: Arguments) throws -> Int32 {
        let format = try arguments.driftFormat()
        let page = try checkedConnection(arguments.database()).transaction(.repeatableRead) { transaction in
            let limit = DriftFindings.presentMax + 1
            let findings = try arguments.has("all")
                ? DriftFindings.list(transaction, .everything, limit: limit) : DriftFindings.present(transaction, .everything, limit: limit)
            var page = DriftPage(
                at: try transaction.clock(), blame: try DriftBlame.standing(transaction), findings: Array(findings.prefix(DriftFindings.presentMax)))
            page.isCut = findings.count == limit
            return page
        }
        switch format {
        case .text: Console.print(page.listText)
        case .json: Console.print(page.listJSON.text)
        case .markdown: Console.print(page.markdown)
        }
        return 0
    }

    /// Who reverts or tolerates: for a member as at the admin API.
    private static func driftActor(
        _ subject: DriftSubject?, _ arguments: Arguments, _ connection: Connection
    ) throws -> (name: String, tenancy: Tenancy) {
        guard let subject else { return try arguments.actorOnAll(.overrideWrite, connection) }
        return (try arguments.actor(.overrideWrite, in: subject.org, connection), subject.org.map { .organization($0) } ?? .platform)
    }

    private static func act(_ arguments: Arguments, _ run: (Connection) throws -> DriftReceipt) throws -> Int32 {
        let receipt = try run(checkedConnection(arguments.database()))
        Console.print(arguments.has("json") ? receipt.json.text : receipt.text)
        return 0
    }

    private static func adopt(_ subject: DriftSubject?, _ arguments: Arguments) throws -> Int32 {
        let terms = try arguments.changeTerms(of: subject?.org)
        let connection = try checkedConnection(arguments.database())
        let receipts = try DriftAdoptRequest(subject: subject, terms: terms).run(connection).map { try arguments.waiting(for: $0, connection) }
        if arguments.has("json") {
            Console.print("{\"format\":1,\"changes\":[\(receipts.map(\.json).joined(separator: ","))]}")
        } else {
            Console.print(receipts.map(\.text).joined(separator: "\n"))
        }
        return receipts.contains { $0.request.state == .refused } ? 1 : 0
    }

    /// A connection to a database whose schema is the one this program knows.
    static func checkedConnection(_ url: String) throws -> Connection {
        // What a command does next tells of itself, where it takes long.
        ProgressBoard.begin(.connecting)
        let connection = try Connection(url)
        connection.account = Operator.name
        try Migrations.check(connection)
        return connection
    }
}

/// A form in which drift is written.
private enum DriftFormat: String, CaseIterable {
    case text, json, markdown
}

extension Arguments {
    fileprivate func driftFormat() throws(UsageError) -> DriftFormat {
        guard let name = value("format") else { return has("json") ? .json : .text }
        if let format = DriftFormat(rawValue: name) { return format }
        throw .wrong("\"\(name)\" is no format", hint: "one of: " + DriftFormat.allCases.map(\.rawValue).joined(separator: ", "))
    }

    fileprivate func tolerationEnd() throws -> DriftTolerateRequest.End {
        switch (value("until"), try duration("for")) {
        case (let text?, nil):
            do { return .at(try Instant.parse(text)) } catch {
                throw UsageError.wrong("--until \"\(text)\" is no time: \(error.message)", hint: "write 2026-11-21T18:00:00Z")
            }
        case (nil, let length?): return .after(length)
        default: throw UsageError.wrong("a toleration ends: give --until or --for", hint: "--for 8h")
        }
    }
}
