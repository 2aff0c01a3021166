import Reconciler
import Store

extension Command {
    static let migrate = Command(
        name: "migrate",
        summary: "Bring the database's schema to this version.",
        usage: "migrate --database URL [--drift-blame | --no-drift-blame]",
        details: """
            Safe to repeat, and to run from several places at once.
            With --drift-blame PostgreSQL notes from then on who writes declared state beside Charter: role, program, address, time,
            transaction and the statement without its values, for 90 days. Applies wait for a moment. --no-drift-blame ends it.
            """,
        flags: SharedFlags.database + [
            Flag(switch: "drift-blame", help: "note who writes declared state beside Charter"),
            Flag(switch: "no-drift-blame", help: "note it no longer"),
            Flag("drift-writer", "ROLE", help: "the role under which reconcilers connect (default: the one of this command)"),
        ], showsProgress: true
    ) { arguments in
        let (begins, ends) = (arguments.has("drift-blame"), arguments.has("no-drift-blame"))
        guard !(begins && ends), begins || arguments.value("drift-writer") == nil else {
            throw UsageError.wrong("--drift-blame stands alone, or with --drift-writer", hint: "--no-drift-blame takes the triggers away")
        }
        ProgressBoard.begin(.migrating)
        let connection = try Connection(arguments.database())
        let ran = try Migrations.migrate(connection)
        for step in ran { Console.print("migrated \(step.version) \(step.name)") }
        Console.print(ran.isEmpty ? "The schema is up to date." : "The schema is up to date: \(ran.count) steps ran.")
        let blame = try connection.transaction { transaction in
            if begins { try DriftBlame.begin(transaction, writer: arguments.value("drift-writer")) }
            if ends { try DriftBlame.end(transaction) }
            return try DriftBlame.standing(transaction)
        }
        if begins || ends || blame != .off { Console.print("Drift blame is \(blame.rawValue).") }
        return 0
    }
}
