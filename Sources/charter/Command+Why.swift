import Policy
import Reconciler
import Services
import Spec
import Store

extension Command {
    static let why = Command(
        name: "why",
        summary: "Tell why a request was answered as it was, with what was declared and overridden then.",
        usage: "why DECISION --database URL [flags]",
        details: """
            DECISION is what the answer said as x-charter-decision. Told are who asked, what was tried and what it cost, the revision that was
            enforced, and of that revision each declaration that took part, with file, line, commit and author; the limits and budgets it
            fell under; and the overrides in force at that moment. A request that was refused before it went to a provider is not in the
            ledger: its answer names the rule, with the place and the commit, as far as `disclosure` allows.
            --as ORG/MEMBER asks with that member's rights, which must hold decisions.read.
            exit codes: 0 shown, 1 an error or no record of it, 2 wrong command line
            """,
        flags: SharedFlags.database + [
            Flag("org", "NAME", help: "only where it is a request of this organization"),
            Flag("as", "ORG/MEMBER", help: "with whose rights (default: those of whoever runs this host)"),
        ] + SharedFlags.json,
        positionalsMax: 1, showsProgress: true
    ) { arguments in
        guard let decision = arguments.positionals.first else {
            throw UsageError.wrong("a decision is wanted", hint: "what an answer says as x-charter-decision")
        }
        if let name = arguments.value("as"), ResourceKey(member: name) == nil {
            throw UsageError.wrong("--as \(name.printable) names no member", hint: "write it like acme/mira")
        }
        let connection = try checkedConnection(arguments.database())
        let question = try DecisionQuestion(decision, org: arguments.value("org"), caller: arguments.caller(connection))
        ProgressBoard.begin(.looking)
        let chain = try connection.transaction(.repeatableRead) { try question.run($0) }
        Console.print(arguments.has("json") ? chain.json.text : chain.text)
        return 0
    }
}
