import Reconciler
import Services
import Spec

extension Command {
    static let approve = Command(
        name: "approve",
        summary: "Let a blocked plan pass, as a member with plan.approve.",
        usage: "approve DIGEST --as ORGANIZATION/MEMBER --reason WHY --database URL [flags]",
        details: """
            The digest is the one that charter status, plan and apply show; it stands for the state the plan begins at and for
            every change of it, so a commit that changes more needs another approval. Nothing is applied by this command.
            The member must hold plan.approve in what is applied, and may not be the author unless charter.yaml allows it.
            A plan that does not wait yet is named by its whole digest, as charter plan --json has it.
            exit codes: 0 approved, 1 refused or an error, 2 wrong command line
            """,
        flags: SharedFlags.database + [
            Flag("as", "ORG/MEMBER", help: "who approves"),
            Flag("reason", "TEXT", help: "why; the audit keeps it"),
            Flag("unit", "NAME", help: "the unit of a plan that does not wait yet (default: default)"),
            Flag("for", "TIME", help: "how long it is good for, when less than charter.yaml says"),
        ] + SharedFlags.json,
        positionalsMax: 1, showsProgress: true
    ) { arguments in
        guard let digest = arguments.positionals.first else {
            throw UsageError.wrong("the plan's digest is missing", hint: "charter status shows it")
        }
        guard let member = ResourceKey(member: try arguments.required("as", [])), let org = member.org else {
            throw UsageError.wrong("--as names nobody", hint: "write it like acme/mira")
        }
        var request = ApprovalRequest(
            digest: digest, org: org, member: member.name,
            reason: try arguments.required("reason", []))
        request.unit = arguments.value("unit") ?? ReconcileSession.defaultUnit
        request.within = try arguments.duration("for")
        let receipt = try request.run(checkedConnection(arguments.database()), operator: Operator.name)
        Console.print(arguments.has("json") ? receipt.json.text : receipt.text)
        return 0
    }
}
