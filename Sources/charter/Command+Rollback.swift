import Reconciler
import Spec
import Store

extension Command {
    static let rollback = Command(
        name: "rollback",
        summary: "Bring back the applied state of an earlier revision, without waiting for Git.",
        usage: "rollback REV|TIME --reason WHY --database URL [flags]",
        details: """
            A new revision with the state of the earlier one, exactly: resources that came since are deleted, and those deleted or
            renamed since come back under the names and with the usage they had. The audit keeps who and why. Guards hold for it as
            for a commit. From then on the unit is held: no commit is applied that declares anything of what was rolled back,
            until charter resume; the answer says which Git commands make the branch agree.
            It is for whoever runs this host: --as ORG/MEMBER is refused.
            \(momentDetails)
            exit codes: 0 done, or nothing to change, 1 an error or a blocked plan, 2 wrong command line
            """,
        flags: SharedFlags.database + SharedFlags.repository + [
            Flag("reason", "TEXT", help: "why; everybody who looks sees it"),
            Flag("unit", "NAME", fallback: ReconcileSession.defaultUnit, help: "the unit that is rolled back"),
            Flag("as", "NAME", help: "who says so; no member, since no permission lets one (default: the account of this process)"),
            Flag(switch: "dry-run", help: "show what it would do, and change nothing"),
            Flag(switch: "allow-mass-delete", help: "let it pass when it deletes all or most resources"),
            Flag("approve", "DIGEST", help: "answer yourself for the blocked rollback of this digest; the audit keeps it"),
        ] + SharedFlags.json,
        positionalsMax: 1, showsProgress: true
    ) { arguments in
        guard let word = arguments.positionals.first else {
            throw UsageError.wrong("a revision is missing", hint: "charter history lists them")
        }
        let isDry = arguments.has("dry-run")
        var request = RollbackRequest(
            to: try Moment.parse(word), unit: arguments.value("unit") ?? ReconcileSession.defaultUnit,
            reason: isDry ? arguments.value("reason") ?? "" : try arguments.required("reason", []),
            actor: try arguments.hostActor())
        request.planGuard.allowsMassDeletion = arguments.has("allow-mass-delete")
        request.planGuard.approvedDigest = arguments.value("approve")
        request.source = arguments.value("repo") == nil ? nil : try arguments.source()
        let connection = try checkedConnection(arguments.database())
        do {
            let outcome = try isDry ? request.plan(connection) : request.run(connection)
            Console.print(arguments.has("json") ? outcome.json.text : outcome.text)
            return 0
        } catch let problem as RollbackProblem where arguments.has("json") {
            Console.print(problem.json.text)
            return 1
        }
    }
}
