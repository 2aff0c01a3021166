import Reconciler
import Spec

extension Command {
    static let suspend = Command(
        name: "suspend",
        summary: "Have nothing applied to a unit, for a reason and a time.",
        usage: "suspend [UNIT] --reason WHY --database URL [--until TIME | --for TIME]",
        details: """
            Waits for an apply under way. From then on charter watch and charter apply leave the unit alone, and drift is only
            reported; gateways go on enforcing what is applied. charter status shows it until it ends.
            Without UNIT the only one there is. Without an end it lasts until charter resume.
            It is for whoever runs this host, as resume is: --as ORG/MEMBER is refused.
            exit codes: 0 suspended, 1 an error, 2 wrong command line
            """,
        flags: SharedFlags.database + [
            Flag("reason", "TEXT", help: "why; everybody who looks sees it"),
            Flag("until", "TIME", help: "when it ends by itself, as 2026-11-21T18:00:00Z"),
            Flag("for", "TIME", help: "or after what time, as 2h"),
            Flag("as", "NAME", help: "who says so; no member, since no permission lets one (default: the account of this process)"),
        ],
        positionalsMax: 1, showsProgress: true
    ) { arguments in
        let reason = try arguments.required("reason", [])
        let message = try suspension(arguments).suspend(
            checkedConnection(arguments.database()), reason: reason, until: arguments.end())
        Console.print(message)
        return 0
    }

    static let resume = Command(
        name: "resume",
        summary: "Have a unit go on that was suspended, or held by a rollback.",
        usage: "resume [UNIT] --database URL [--reason WHY]",
        details: "exit codes: 0 it goes on, or was not suspended, 1 an error, 2 wrong command line",
        flags: SharedFlags.database + [
            Flag("reason", "TEXT", help: "why; the audit keeps it"),
            Flag("as", "NAME", help: "who says so; no member, since no permission lets one (default: the account of this process)"),
        ],
        positionalsMax: 1, showsProgress: true
    ) { arguments in
        Console.print(
            try suspension(arguments).resume(
                checkedConnection(arguments.database()), reason: arguments.value("reason")))
        return 0
    }

    private static func suspension(_ arguments: Arguments) throws -> SuspensionRequest {
        SuspensionRequest(unit: arguments.positionals.first, actor: try arguments.hostActor())
    }
}

extension Arguments {
    /// When a suspension ends; nil where it does not by itself.
    fileprivate func end() throws -> SuspensionRequest.End? {
        let length = try duration("for")
        guard let text = value("until") else {
            return length.map { .after($0) }
        }
        guard length == nil else { throw UsageError.wrong("--until and --for say the same twice", hint: nil) }
        do { return .at(try Instant.parse(text)) } catch {
            throw UsageError.wrong("--until \"\(text)\" is no time: \(error.message)", hint: "write 2026-11-21T18:00:00Z")
        }
    }
}
