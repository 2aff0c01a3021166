import Reconciler
import Spec

extension Command {
    static let get = Command(
        name: "get",
        summary: "Show what a folder declares, and with --effective what its defaults make of it.",
        usage: "get [KIND [NAME]] [--repo PATH] [--org NAME] [--effective] [--names] [flags]",
        details: """
            Reads the folder at --repo (default: this one) without Git and without a database; with --at, or --applied for
            the newest revision, what was applied, from the database.
            Without a kind or a name: one line for each resource. With a name: the document, as its own file declares it;
            --effective adds what the `_defaults.yaml` of its folders give, each with the line it comes from.
            \(momentDetails)
            exit codes: 0 found, 1 not found, or the folder has errors, 2 wrong command line, 3 the folder, or something in
            it, cannot be read
            """,
        flags: [
            Flag("repo", "PATH", fallback: ".", help: "the folder of declarations"),
            Flag("at", "REV|TIME", help: "what was applied then, instead of a folder"),
            Flag(switch: "applied", help: "the same as --at latest"),
            Flag("org", "NAME", help: "only what belongs to this organization; - for the platform"),
            Flag(switch: "effective", help: "with what folders give, and where"),
            Flag(switch: "names", help: "print `org/Kind/name` only"),
        ] + SharedFlags.limits + SharedFlags.database,
        positionalsMax: 2, showsProgress: true
    ) { arguments in
        let query = try ResourceQuery(arguments.positionals, org: arguments.value("org"))
        if let moment = try arguments.past() {
            let state = try arguments.looking { transaction in
                let revision = try moment.resolve(transaction)
                let found = try PastState(transaction, at: revision, query).decoded()
                return (found: found, near: found.isEmpty ? try query.near(in: transaction) : nil)
            }
            return show(state.found, query, arguments, near: state.near)
        }
        let folder = arguments.value("repo") ?? "."
        let limits = try arguments.limits()
        let reading: FolderReader
        do { reading = try FolderReader(folder, limits: limits) } catch {
            Console.printError("charter get: \(error)")
            return 3
        }
        for refusal in reading.refusals { Console.printError("charter get: \(refusal.path): \(refusal.message)") }
        let unread = DeclarationCheck.unread(reading.refusals)
        let declarations = Specification.load(reading.files, unread: unread)
        if declarations.hasErrors {
            Console.printError("charter get: the folder has errors, so some resources may be missing; see charter validate")
        }
        let found = declarations.resources.values.filter { query.matches($0.key) }.sorted { $0.key < $1.key }
        let names = declarations.resources.keys.filter { $0.kind == query.kind }.map(\.name).sorted()
        let code = show(found, query, arguments, near: query.name.flatMap { Suggestion.nearest(to: $0, among: names) })
        return unread.isEmpty ? declarations.hasErrors ? 1 : code : 3
    }

    /// Prints what was found; answers the exit code.
    private static func show(
        _ found: [Resource], _ query: ResourceQuery, _ arguments: Arguments, near: String?
    ) -> Int32 {
        guard !found.isEmpty || query.name == nil else {
            let near = near.map { "; did you mean `\($0)`?" } ?? ""
            Console.printError("charter get: there is no \(query.text)\(near)")
            return 1
        }
        if arguments.has("names") || query.name == nil {
            Console.print(ResourceTable(found, namesOnly: arguments.has("names")).text)
        } else {
            let texts = found.compactMap { $0.yaml(isEffective: arguments.has("effective")) }
            Console.print(texts.joined(separator: "---\n").dropLast().description)
        }
        return 0
    }
}

extension Arguments {
    /// The moment that is asked about; nil for a folder's files.
    fileprivate func past() throws -> Moment? {
        guard let text = value("at") else { return has("applied") ? .latest(back: 0) : nil }
        guard !has("applied") else { throw UsageError.wrong("--at and --applied exclude each other", hint: nil) }
        return try Moment.parse(text)
    }
}

/// One line for each resource.
private struct ResourceTable {
    let text: String

    init(_ resources: [Resource], namesOnly: Bool) {
        if namesOnly {
            text = resources.map(\.key.description).joined(separator: "\n")
            return
        }
        let rows = [["ORG", "KIND", "NAME", "PLACE"]] + resources.map { resource in
            [resource.key.org ?? "-", resource.key.kind.rawValue, resource.key.name, resource.place?.description ?? ""]
        }
        let widths = (0..<3).map { column in rows.map { $0[column].count }.max() ?? 0 }
        text = rows.map { row in
            zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ") + "  " + row[3]
        }.joined(separator: "\n")
    }
}
