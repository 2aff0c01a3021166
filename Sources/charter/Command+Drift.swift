import Reconciler
import Services
import Spec
import Store

extension Command {
    static let drift = Command(
        name: "drift",
        summary: "Show what was changed in the database by another hand than Charter's.",
        usage: "drift --database URL [--json]",
        details: "exit codes: 0 none, 1 an error or a wrong command line, 2 drift was found",
        flags: SharedFlags.database + SharedFlags.json,
        two: .answer, showsProgress: true
    ) { arguments in
        let connection = try checkedConnection(arguments.database())
        let report = try DriftReport.read(connection)
        let overrides = try OverrideListing(connection)
        Console.print(arguments.has("json") ? overrides.added(to: report.json).text : overrides.added(to: report.text))
        return report.drift.isEmpty ? 0 : 2
    }

    /// A connection to a database whose schema is the one this program knows.
    static func checkedConnection(_ url: String) throws -> Connection {
        // What a command does next tells of itself, where it takes long.
        ProgressBoard.begin(.connecting)
        let connection = try Connection(url)
        try Migrations.check(connection)
        return connection
    }
}
