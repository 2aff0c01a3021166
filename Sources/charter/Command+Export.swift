import Reconciler
import Store

extension Command {
    static let export = Command(
        name: "export",
        summary: "Write the applied state as one file, to plan against without a database.",
        usage: "export --database URL [--output FILE]",
        details: """
            One JSON object a line: the revision and the digest of its state, each resource with the place, commit and author it
            comes from, and an end mark with the digest of all before it. The same state gives the same bytes. What hands changed
            in the database has no part in it. It names authors and holds digests of keys: give it to those who may see them.
            exit codes: 0 written, 1 an error
            """,
        flags: SharedFlags.database + [Flag("output", "FILE", help: "write this file, and print nothing")]
    ) { arguments in
        let connection = try checkedConnection(arguments.database())
        let export = try AppliedExport(connection.transaction(.repeatableRead) { try AppliedState($0) })
        if let path = arguments.value("output") {
            try OutputFile.write([OutputFile(path: path, text: export.text)], over: true)
        } else {
            Console.print(String(export.text.dropLast()))
        }
        return 0
    }
}
