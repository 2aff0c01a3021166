import Reconciler
import Services
import Spec
import Store

extension Command {
    static let changes = Command(
        name: "changes",
        summary: "List the changes that were asked for, show one, or withdraw one.",
        usage: "changes list|show|withdraw [ID] [flags]",
        details: """
            charter changes list [--org ORG] [--state STATE]
                the newest 100: pending, proposed, committed, enforced, refused or withdrawn
            charter changes show ID
            charter changes withdraw ID --reason WHY
                takes back what nobody has begun to carry out, or a proposal, whose branch goes but for what others added
            exit codes: 0 done, 1 refused or an error, 2 wrong command line
            """,
        flags: SharedFlags.database + [
            Flag("org", "NAME", help: "only what is asked for in this organization"),
            Flag("state", "STATE", help: "only those in this state"),
            Flag("reason", "TEXT", help: "why it is withdrawn"),
            Flag(
                "as", "NAME",
                help: "who withdraws it; a member, as ORG/MEMBER, must have asked for it and hold config.propose, or hold config.write (default: the account of this process)"),
        ] + SharedFlags.json,
        positionalsMax: 2
    ) { arguments in
        let tenancy = arguments.value("org").map(Tenancy.organization) ?? .everything
        let isJSON = arguments.has("json")
        switch (arguments.positionals.first, arguments.positionals.dropFirst().first) {
        case ("list", nil):
            let listing = try ChangeQuestion.list(checkedConnection(arguments.database()), tenancy, states: states(arguments))
            Console.print(isJSON ? listing.json : listing.text)
        case ("show", let id?):
            let receipt = try ChangeQuestion.one(checkedConnection(arguments.database()), tenancy, id: id)
            Console.print(isJSON ? receipt.json : receipt.text)
        case ("withdraw", let id?):
            let connection = try checkedConnection(arguments.database())
            let withdrawal = ChangeWithdrawal(
                id: id, tenancy: tenancy, actor: arguments.namedActor, reason: try arguments.required("reason", []),
                caller: try arguments.caller(connection))
            let receipt = try withdrawal.run(connection)
            Console.print(isJSON ? receipt.json : receipt.text)
        default: throw UsageError.wrong("changes knows list, show ID and withdraw ID", hint: "charter changes list")
        }
        return 0
    }

    private static func states(_ arguments: Arguments) throws -> [ChangeRequest.State] {
        guard let text = arguments.value("state") else { return [] }
        guard let state = ChangeRequest.State(rawValue: text) else {
            let names = ChangeRequest.State.allCases.map(\.rawValue).joined(separator: ", ")
            throw UsageError.wrong("--state \"\(text.printable)\" is no state", hint: names)
        }
        return [state]
    }
}
