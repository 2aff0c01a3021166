import Reconciler
import Services
import Spec

extension Command {
    static let budget = Command(
        name: "budget",
        summary: "List what budgets have counted, or set one back.",
        usage: "budget list|reset [ORG | BUDGET] [flags]",
        details: """
            charter budget list [ORG] --database URL
                lists every budget that is applied: what the ledger has of its window, what of it was forgiven, what requests under way
                hold as gateways tell (every 5 s), and what is left without regard to that.
            charter budget reset BUDGET --reason WHY --database URL [--as NAME] [--dry-run]
                has what the budget counted of its present window count no longer. The ledger, bills and reports stay as they are; what
                gateways have under way, or not shipped yet, counts from then on. Gateways know it in less than a second, also after a
                restart. Who did it and why stands in the audit, and is told as budget.reset.
            BUDGET is ORG/NAME for a Budget, and ORG/APIKey/NAME, ORG/Project/NAME or ORG/KeyPool/NAME for one that is written inline.
            exit codes: 0 done, also where nothing had been counted, 1 refused or an error, 2 wrong command line
            """,
        flags: SharedFlags.database + [
            Flag("reason", "TEXT", help: "why a budget is set back; the audit keeps it"),
            Flag("as", "NAME", help: "who says so; a member, as ORG/MEMBER, must hold budgets.write (default: the account of this process)"),
            Flag(switch: "dry-run", help: "only say what a reset would forgive"),
        ] + SharedFlags.json,
        positionalsMax: 2
    ) { arguments in
        switch arguments.positionals.first {
        case "list":
            let org = arguments.positionals.count == 2 ? arguments.positionals[1] : nil
            let table = try BudgetTable(checkedConnection(arguments.database()), org: org)
            Console.print(arguments.has("json") ? table.json.text : table.text)
        case "reset" where arguments.positionals.count == 2: try reset(arguments)
        default: throw UsageError.wrong("budget knows list and reset BUDGET", hint: "charter budget reset acme/search-team --reason …")
        }
        return 0
    }

    private static func reset(_ arguments: Arguments) throws {
        let isTrial = arguments.has("dry-run")
        let connection = try checkedConnection(arguments.database())
        let org = arguments.positionals[1].split(separator: "/").first.map(String.init)
        let request = BudgetResetRequest(
            budget: arguments.positionals[1], actor: try arguments.actor(.budgetsWrite, in: org, connection),
            reason: isTrial ? "" : try arguments.required("reason", []), isTrial: isTrial)
        let receipt = try request.run(connection)
        Console.print(arguments.has("json") ? receipt.json.text : receipt.text)
    }
}
