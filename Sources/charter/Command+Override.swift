import Reconciler
import Services
import Spec
import Store

extension Command {
    static let override = Command(
        name: "override",
        summary: "Set a rule aside for a time, or deny a key, a member or a model, beside what is committed.",
        usage: "override set|deny|list|end|commit [TARGET FIELD=VALUE… | TARGET | ID] [flags]",
        details: """
            charter override set TARGET FIELD=VALUE… --until END --reason WHY --database URL
                puts other values in place of what is declared: limit=400USD of a Budget, budget=400USD of a key, project or pool,
                limit="1200 requests/min" of what has such a limit, or a field by its path: targets.0.weight=10, maxOutput=4000.
                What an amount leaves out (USD, /month) is as it is declared.
            charter override deny TARGET --until END --reason WHY --database URL
                refuses every request with the key, of the member, project or organization, or to the model, route or provider.
            charter override list [--all] --database URL
            charter override end ID [--reason WHY] --database URL
            charter override commit ID [--as [ORG/]MEMBER] [--reason WHY] [--until TIME] --database URL
                asks for a commit that declares what the override says, or for a denial `suspend` (with --until, until then). The override
                ends by itself once the commit is enforced; where it is proposed, at its own end or the merge, whichever comes first.
            TARGET is KIND/ORG/NAME, as budget/acme/monthly, key/acme/checkout, org/acme, provider/openai, model/openai/gpt-4o.
            END is 2h, 18:00 (the next one here) or a time as 2026-11-22T18:00:00Z, 7 days away at most. Gateways know it in less than a
            second; it ends by itself, also while PostgreSQL is away. Who, why and until when stands in the audit, in refusals, and in
            status, drift and plan. --as ORG/MEMBER asks with that member's rights, which must hold override.write.
            exit codes: 0 done, 1 refused or an error, 2 wrong command line
            """,
        flags: SharedFlags.database + [
            Flag("until", "END", help: "when it ends by itself"),
            Flag("reason", "TEXT", help: "why; everybody who meets it sees it"),
            Flag("as", "[ORG/]NAME", help: "whose it is; a member, as ORG/MEMBER, must hold override.write (default: the account of this process)"),
            Flag("idempotency-key", "KEY", help: "of a commit: the same call with the same key within a day is one change"),
            Flag("wait", "TIME", fallback: "2s", help: "how long to wait until a commit is applied"),
            Flag(switch: "all", help: "list also those that are over"),
        ] + SharedFlags.json,
        positionalsMax: 32
    ) { arguments in
        let words = arguments.positionals
        switch words.first {
        case "set" where words.count > 2: try open(arguments, .values(Array(words.dropFirst(2))))
        case "deny" where words.count == 2: try open(arguments, .denial)
        case "list" where words.count == 1:
            let listing = try OverrideListing(checkedConnection(arguments.database()), ended: arguments.has("all"))
            Console.print(arguments.has("json") ? listing.json.text : listing.text)
        case "end" where words.count == 2: try close(arguments)
        case "commit" where words.count == 2: return try commit(arguments)
        default:
            throw UsageError.wrong(
                "override knows set TARGET FIELD=VALUE, deny TARGET, list, end ID and commit ID",
                hint: "charter override set budget/acme/monthly limit=400USD --until 18:00 --reason …")
        }
        return 0
    }

    private static func open(_ arguments: Arguments, _ wish: OverrideRequest.Wish) throws {
        let end = try OverrideEnd(try arguments.required("until", []), now: .now)
        let reason = try arguments.required("reason", [])
        let connection = try checkedConnection(arguments.database())
        let request = OverrideRequest(
            target: arguments.positionals[1], wish, until: end, actor: arguments.namedActor, reason: reason,
            caller: try arguments.caller(connection))
        let receipt = try request.run(connection)
        Console.print(arguments.has("json") ? receipt.json.text : receipt.text)
    }

    private static func close(_ arguments: Arguments) throws {
        let connection = try checkedConnection(arguments.database())
        let request = OverrideEndRequest(
            id: arguments.positionals[1], actor: arguments.namedActor, reason: arguments.value("reason"),
            caller: try arguments.caller(connection))
        let ended = try request.run(connection)
        Console.print(
            arguments.has("json")
                ? JSONTree.object([("format", .int(1)), ("override", ended.json)]).text
                : "The override of \(ended.subject) has ended; what is declared holds again in less than a second.")
    }

    private static func commit(_ arguments: Arguments) throws -> Int32 {
        let until = try arguments.value("until").map { text in
            do { return try Instant.parse(text) } catch {
                throw UsageError.wrong("--until \"\(text.printable)\" is no time", hint: "write 2027-02-01 or 2027-02-01T09:00:00Z")
            }
        }
        let connection = try checkedConnection(arguments.database())
        let request = OverrideCommitRequest(
            id: arguments.positionals[1], as: arguments.value("as") ?? Operator.account, reason: arguments.value("reason"), until: until,
            idempotencyKey: arguments.value("idempotency-key"), caller: try arguments.caller(connection))
        let receipt = try arguments.waiting(for: request.run(connection), connection)
        Console.print(arguments.has("json") ? receipt.json : receipt.text)
        return receipt.request.state == .refused ? 1 : 0
    }
}
