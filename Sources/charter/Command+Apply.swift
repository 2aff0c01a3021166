import Reconciler
import Spec

extension Command {
    static let apply = Command(
        name: "apply",
        summary: "Bring the database to what the branch declares, in one transaction.",
        usage: "apply [FILE] --repo PATH|URL --database URL [flags]",
        details: """
            Puts right what other hands changed in the database as well. Applying the same commit twice writes nothing.
            Takes the lead from a running charter watch for the moment; that one goes on afterwards.
            With FILE, which charter plan --out saved, exactly that plan is applied; where anything moved since, nothing is, and
            it is said what: the commit, the revision it begins at, rows changed by hand, the applied rules, or the program.
            That a plan was saved lets it pass no guard.
            exit codes: 0 the database is as declared, 1 an error, a rejected commit or a blocked plan, 2 wrong command line;
            unless it is 0 nothing was changed
            """,
        flags: SharedFlags.repository + SharedFlags.database
            + [
                Flag(switch: "allow-mass-delete", help: "let a plan pass that deletes all or most resources"),
                Flag(switch: "allow-rewrite", help: "follow a branch that was set back or rewritten"),
                Flag("approve", "DIGEST", help: "answer yourself for the blocked plan of this digest; the audit keeps it"),
                Flag(switch: "approve-saved", help: "the same for the plan that FILE holds"),
                Flag("accept-unverified", "COMMIT", help: "answer yourself for this commit, by its full id, in place of its signatures"),
            ]
            + SharedFlags.json + [
                Flag("unit", "NAME", environment: "CHARTER_UNIT", help: "what moves on its own (default: that of FILE, else default)")
            ],
        positionalsMax: 1, showsProgress: true
    ) { arguments in
        var planGuard = PlanGuard()
        planGuard.allowsMassDeletion = arguments.has("allow-mass-delete")
        planGuard.allowsRewrite = arguments.has("allow-rewrite")
        planGuard.approvedDigest = arguments.value("approve")
        planGuard.acceptedUnverified = arguments.value("accept-unverified")
        let saved = try arguments.savedPlan()
        planGuard.saved = saved
        if arguments.has("approve-saved") {
            guard let saved else { throw UsageError.wrong("--approve-saved needs the file of a plan", hint: "charter apply FILE --approve-saved") }
            planGuard.approvedDigest = saved.digest
        }
        let source = try arguments.source()
        let unit = try arguments.value("unit") == nil ? saved?.unit ?? arguments.unit() : arguments.unit()
        do {
            try saved?.check(source, unit: unit)
            let session = try ReconcileSession(source: source, database: arguments.database(), unit: unit)
            let outcome = try session.applyOnce(guardedBy: planGuard)
            Console.print(arguments.has("json") ? outcome.json.text : outcome.text)
            return outcome.isRejected ? 1 : 0
        } catch Trouble.humanMustConfirm(let plan) where arguments.has("json") {
            Console.print(plan.json.text)
            return 1
        } catch let moved as PlanFileMovement where arguments.has("json") {
            Console.print(moved.json.text)
            return 1
        }
    }
}

extension Arguments {
    /// What the word after the command names; nil where there is none.
    fileprivate func savedPlan() throws -> PlanFile? {
        guard let path = positionals.first else { return nil }
        let bytes = try FileText.read(path, bytesMax: PlanFile.bytesMax)
        guard let text = String(validating: bytes, as: UTF8.self) else { throw CommandFailure("\(path) is not UTF-8") }
        do { return try PlanFile(text: text) } catch { throw CommandFailure("\(path): \(error)") }
    }
}
