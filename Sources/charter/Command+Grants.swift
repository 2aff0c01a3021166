import Reconciler
import Store

extension Command {
    static let grants = Command(
        name: "grants",
        summary: "Print or run what gives each kind of process its own role in PostgreSQL.",
        usage: "grants --database URL [--prefix NAME] [--apply]",
        details: """
            Three roles without a login: charter_reconciler for watch, apply and rollback, charter_gateway for gateways, charter_services
            for what people ask: serve-admin, approve, suspend, resume, set, add, remove, changes, override, drift revert, tolerate and
            adopt, keys, budget, events redeliver, usage reprice. Only the reconciler's writes declared state, and it cannot
            write what runs under it; the ledger and the audit are only added to by all of them.
            Prints the statements for the owner of the schema to run; with --apply they are run, all or none. Again after every
            charter migrate. What makes roles needs CREATEROLE, and no superuser: where you lack it, have the roles made first.
            Then: CREATE ROLE watcher LOGIN PASSWORD '…' IN ROLE charter_reconciler
            exit codes: 0 done, 1 an error, 2 wrong command line
            """,
        flags: SharedFlags.database + [
            Flag("prefix", "NAME", fallback: DatabaseRole.standardPrefix, help: "what the names of the roles begin with"),
            Flag(switch: "apply", help: "run the statements instead of printing them"),
        ]
    ) { arguments in
        let prefix = arguments.value("prefix") ?? DatabaseRole.standardPrefix
        guard DatabaseRole.isPrefix(prefix) else {
            throw UsageError.wrong("--prefix \"\(prefix)\" cannot begin a role's name", hint: "lower-case letters, digits and _, at most 40")
        }
        let connection = try checkedConnection(arguments.database())
        guard arguments.has("apply") else {
            let grants = try connection.transaction { try RoleGrants($0, prefix: prefix) }
            Console.print((["BEGIN"] + grants.statements + ["COMMIT"]).map { $0 + ";" }.joined(separator: "\n"))
            return 0
        }
        let grants = try RoleGrants.apply(connection, prefix: prefix)
        let names = DatabaseRole.allCases.map { $0.name(prefix: prefix) }.joined(separator: ", ")
        Console.print("\(names) \(grants.makesRoles ? "are made and have" : "have") their rights.")
        return 0
    }
}
