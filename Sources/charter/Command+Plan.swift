import Reconciler

extension Command {
    static let plan = Command(
        name: "plan",
        summary: "Show what applying the branch would change; changes nothing.",
        usage: "plan --repo PATH|URL --database URL [flags]",
        details: """
            Drift is shown first: what was changed in the database by another hand than Charter's.
            exit codes: 0 done, 1 an error or a rejected commit, 2 wrong command line;
            with --detailed-exitcode 2 says that something would change, and 1 also that the command line is wrong
            """,
        flags: SharedFlags.repository + SharedFlags.database
            + [Flag(switch: "detailed-exitcode", help: "exit with 2 when something would change")] + SharedFlags.json,
        two: .answerWith(flag: "--detailed-exitcode")
    ) { arguments in
        switch try arguments.session().plan() {
        case .rejected(let rejection):
            Console.print(arguments.has("json") ? rejection.planJSON.text : rejection.text)
            return 1
        case .planned(let plan, let blocks):
            Console.print(arguments.has("json") ? plan.json(blocks: blocks).text : plan.text(blocks: blocks))
            return arguments.has("detailed-exitcode") && !plan.isEmpty ? 2 : 0
        }
    }
}
