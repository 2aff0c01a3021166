import Glibc
import Reconciler
import Spec
import Store

extension Command {
    static let export = Command(
        name: "export",
        summary: "Write the applied state as one file to plan against, or as a repository of YAML.",
        usage: "export --database URL [--output FILE | --yaml FOLDER] [flags]",
        details: """
            One JSON object a line: the revision and the digest of its state, each resource with its unit and the place, commit
            and author it comes from, and an end mark with the digest of all before it. The same state gives the same bytes.
            What hands changed in the database has no part in it. It names authors and holds digests of keys: give it to those
            who may see them.
            With --yaml a repository: each resource at the path it was declared at, or at orgs/ORG/KINDS/NAME.yaml, in canonical
            form with all that folders gave it, without comments. Rows that no revision put there are included and named.
            exit codes: 0 written, 1 an error, or something of the database is not, or not soundly, in what was written
            """,
        flags: SharedFlags.database + [
            Flag("output", "FILE", help: "write this file, and print nothing"),
            Flag("yaml", "FOLDER", help: "write a repository there instead"),
            Flag("from", "FILE", help: "of this export, instead of a database, for --yaml"),
            Flag("unit", "NAME", environment: "CHARTER_UNIT", help: "whose resources --yaml writes; needed where there are several"),
            Flag(switch: "force", help: "write into a folder that is not empty, and over files in it"),
        ],
        showsProgress: true
    ) { arguments in
        if let folder = arguments.value("yaml") { return try arguments.writeRepository(to: folder) }
        for flag in ["from", "unit"] where arguments.value(flag) != nil && (flag != "unit" || getenv("CHARTER_UNIT") == nil) {
            throw UsageError.wrong("--\(flag) is for --yaml", hint: "charter export --yaml FOLDER --\(flag) …")
        }
        let connection = try checkedConnection(arguments.database())
        let export = try connection.transaction(.repeatableRead) { try AppliedExport($0) }
        if let path = arguments.value("output") {
            try OutputFile.write([OutputFile(path: path, text: export.text)], over: true)
        } else {
            Console.print(String(export.text.dropLast()))
        }
        return 0
    }
}

extension Arguments {
    fileprivate func writeRepository(to folder: String) throws -> Int32 {
        guard !folder.isEmpty else { throw UsageError.wrong("--yaml is empty", hint: "name a folder") }
        guard value("output") == nil else { throw UsageError.wrong("--yaml and --output exclude each other", hint: nil) }
        // Before anything is asked.
        if !has("force") { try OutputFolder.refuseFilled(folder) }
        let export = try RepositoryExport(exportedState())
        guard !export.files.isEmpty else { throw CommandFailure("nothing is applied, so there is nothing to write") }
        let files = export.files.map { file in
            OutputFile(path: "\(folder)/\(file.path)", text: String(decoding: file.bytes, as: UTF8.self))
        }
        try OutputFile.write(files, over: has("force"))
        Console.print(export.text(folder: folder))
        return export.isComplete ? 0 : 1
    }

    private func exportedState() throws -> AppliedState {
        let unit = value("unit") == nil ? nil : try self.unit()
        if let path = value("from") {
            let export = try self.export(at: path)
            return try export.state(of: unit ?? Self.only(of: export.unitNames))
        }
        return try Command.checkedConnection(database()).transaction(.repeatableRead) { transaction in
            let names = try Revisions.current(transaction)?.vector.keys.sorted() ?? []
            return try AppliedState(transaction, unit: unit ?? Self.only(of: names))
        }
    }

    private static func only(of names: [String]) throws -> String {
        guard names.count > 1 else { return names.first ?? ReconcileSession.defaultUnit }
        throw UsageError.wrong("there are several units, so name one with --unit", hint: names.joined(separator: ", "))
    }
}

/// A folder that files are written into.
enum OutputFolder {
    /// Git's own folder in it is none of the files that could be lost.
    static func refuseFilled(_ path: String) throws(CommandFailure) {
        guard let directory = opendir(path) else {
            guard errno == ENOENT else { throw .system("read \(path)") }
            return
        }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: name.pointee)) { String(cString: $0) }
            }
            guard [".", "..", ".git"].contains(name) else {
                throw CommandFailure("\(path) is not empty; nothing was written\n  give --force, or another folder")
            }
        }
    }
}
