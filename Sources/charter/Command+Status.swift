import Reconciler

extension Command {
    static let status = Command(
        name: "status",
        summary: "Show how far the newest commit has come: fetched, validated, applied, enforced.",
        usage: "status --database URL [--json]",
        details: "Names file, line and reason of a rejected commit, and what each gateway enforces.",
        flags: SharedFlags.database + SharedFlags.json
    ) { arguments in
        let report = try StatusReport.read(checkedConnection(arguments.database()))
        Console.print(arguments.has("json") ? report.json.text : report.text)
        return 0
    }
}
