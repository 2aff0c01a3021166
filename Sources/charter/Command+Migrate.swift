import Reconciler
import Store

extension Command {
    static let migrate = Command(
        name: "migrate",
        summary: "Bring the database's schema to this version.",
        usage: "migrate --database URL",
        details: "Safe to repeat, and to run from several places at once.",
        flags: SharedFlags.database, showsProgress: true
    ) { arguments in
        ProgressBoard.begin(.migrating)
        let ran = try Migrations.migrate(try Connection(arguments.database()))
        for step in ran { Console.print("migrated \(step.version) \(step.name)") }
        Console.print(ran.isEmpty ? "The schema is up to date." : "The schema is up to date: \(ran.count) steps ran.")
        return 0
    }
}
