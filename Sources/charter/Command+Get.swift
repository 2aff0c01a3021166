import Reconciler
import Spec

extension Command {
    static let get = Command(
        name: "get",
        summary: "Show what a folder declares, and with --effective what its defaults make of it.",
        usage: "get [KIND [NAME]] [--repo PATH] [--org NAME] [--effective] [--names] [flags]",
        details: """
            Reads the folder at --repo (default: this one) without Git and without a database.
            Without a kind or a name: one line for each resource. With a name: the document, as its own file declares it;
            --effective adds what the `_defaults.yaml` of its folders give, each with the line it comes from.
            exit codes: 0 found, 1 not found, or the folder has errors, 2 wrong command line, 3 the folder, or something in
            it, cannot be read
            """,
        flags: [
            Flag("repo", "PATH", fallback: ".", help: "the folder of declarations"),
            Flag("org", "NAME", help: "only what belongs to this organization"),
            Flag(switch: "effective", help: "with what folders give, and where"),
            Flag(switch: "names", help: "print `org/Kind/name` only"),
        ] + SharedFlags.limits,
        positionalsMax: 2
    ) { arguments in
        let kind = try arguments.positionals.first.map(kind(named:))
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
        let org = arguments.value("org")
        let name = arguments.positionals.dropFirst().first
        let found = declarations.resources.values.filter { resource in
            (kind == nil || resource.key.kind == kind) && (org == nil || resource.key.org == org)
                && (name == nil || resource.key.name == name)
        }.sorted { $0.key < $1.key }
        guard !found.isEmpty || name == nil else {
            let names = declarations.resources.keys.filter { $0.kind == kind }.map(\.name).sorted()
            let near = Suggestion.nearest(to: name ?? "", among: names).map { "; did you mean `\($0)`?" } ?? ""
            Console.printError("charter get: there is no \(kind?.rawValue ?? "resource") `\(name ?? "")`\(near)")
            return unread.isEmpty ? 1 : 3
        }
        if arguments.has("names") || name == nil {
            Console.print(ResourceTable(found, namesOnly: arguments.has("names")).text)
        } else {
            let texts = found.compactMap { $0.yaml(isEffective: arguments.has("effective")) }
            Console.print(texts.joined(separator: "---\n").dropLast().description)
        }
        return unread.isEmpty ? declarations.hasErrors ? 1 : 0 : 3
    }

    private static func kind(named word: String) throws -> Kind {
        let wanted = word.lowercased()
        if let kind = Kind.allCases.first(where: { [$0.rawValue.lowercased(), $0.plural].contains(wanted) }) { return kind }
        let near = Suggestion.nearest(to: word, among: Kind.allCases.map(\.rawValue))
        throw UsageError.wrong("`\(word)` is not a kind", hint: near.map { "did you mean \($0)?" })
    }
}

extension Kind {
    /// As people ask for all of them: `apikeys`, `routingpolicies`.
    fileprivate var plural: String {
        let name = rawValue.lowercased()
        return name.hasSuffix("y") && !name.hasSuffix("ey") ? name.dropLast() + "ies" : name + "s"
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
