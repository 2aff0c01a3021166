import Reconciler

extension Command {
    static let apply = Command(
        name: "apply",
        summary: "Bring the database to what the branch declares, in one transaction.",
        usage: "apply --repo PATH|URL --database URL [flags]",
        details: """
            Puts right what other hands changed in the database as well. Applying the same commit twice writes nothing.
            Takes the lead from a running charter watch for the moment; that one goes on afterwards.
            exit codes: 0 the database is as declared, 1 an error, a rejected commit or a blocked plan, 2 wrong command line;
            unless it is 0 nothing was changed
            """,
        flags: SharedFlags.repository + SharedFlags.unit + SharedFlags.database
            + [
                Flag(switch: "allow-mass-delete", help: "let a plan pass that deletes all or most resources"),
                Flag(switch: "allow-rewrite", help: "follow a branch that was set back or rewritten"),
                Flag("approve", "DIGEST", help: "answer yourself for the blocked plan of this digest; the audit keeps it"),
                Flag("accept-unverified", "COMMIT", help: "answer yourself for this commit, by its full id, in place of its signatures"),
            ]
            + SharedFlags.json
    ) { arguments in
        var planGuard = PlanGuard()
        planGuard.allowsMassDeletion = arguments.has("allow-mass-delete")
        planGuard.allowsRewrite = arguments.has("allow-rewrite")
        planGuard.approvedDigest = arguments.value("approve")
        planGuard.acceptedUnverified = arguments.value("accept-unverified")
        do {
            let outcome = try arguments.session().applyOnce(guardedBy: planGuard)
            Console.print(arguments.has("json") ? outcome.json.text : outcome.text)
            return outcome.isRejected ? 1 : 0
        } catch Trouble.humanMustConfirm(let plan) where arguments.has("json") {
            Console.print(plan.json.text)
            return 1
        }
    }
}
