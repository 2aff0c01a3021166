import Reconciler
import Spec

/// What a command line asks of an import.
struct ImportRequest {
    let format: ImportFormat
    let file: String
    let selection: ImportSelection
    private let date: String?
    private let catalogFolder: String
    private let providerFolder: String?
    private let reportFile: String?
    private let overwrites: Bool
    private let isRehearsal: Bool

    static let flags = [
        Flag("output", "DIR", fallback: "catalog", help: "where the catalogs go"),
        Flag("providers", "DIR", help: "also write a Provider to finish for each provider that DIR has no file for"),
        Flag("only", "NAME,…", help: "only these providers"),
        Flag("match", "GLOB", help: "only entries whose name, or provider/model, matches; * is any run of characters"),
        Flag("report", "FILE", help: "one JSON object a line for each value that is not carried as it was"),
        Flag("as-of", "DATE", help: "the table's date for the head of the files (default: when FILE was last changed)"),
        Flag(switch: "force", help: "write over catalogs and a report that are there already"),
        Flag(switch: "dry-run", help: "say what would be written, and write nothing"),
    ]

    init(_ arguments: Arguments) throws {
        let formats = ImportFormat.allCases.map(\.rawValue)
        guard let word = arguments.positionals.first, arguments.positionals.count == 2 else {
            throw UsageError.wrong("a format and a file are wanted", hint: "charter import \(formats[0]) FILE")
        }
        guard let format = ImportFormat(rawValue: word) else {
            let near = Suggestion.nearest(to: word, among: formats)
            throw UsageError.wrong(
                "unknown format \(word)",
                hint: near.map { "did you mean \($0)?" } ?? "one of: " + formats.joined(separator: ", "))
        }
        self.format = format
        file = arguments.positionals[1]
        let names = arguments.value("only").map { Set($0.split(separator: ",").map(String.init)) }
        selection = ImportSelection(providers: names, pattern: arguments.value("match"))
        if let day = arguments.value("as-of") {
            guard day.utf8.count == 10, let instant = try? Instant.parse(day), instant.text == day else {
                throw UsageError.wrong("--as-of \"\(day)\" is not a date", hint: "write 2026-11-20")
            }
        }
        date = arguments.value("as-of")
        catalogFolder = arguments.value("output") ?? "catalog"
        providerFolder = arguments.value("providers")
        reportFile = arguments.value("report")
        overwrites = arguments.has("force")
        isRehearsal = arguments.has("dry-run")
    }

    func origin(sha256: String) -> ImportOrigin {
        ImportOrigin(
            format: format, fileName: file.split(separator: "/").last.map(String.init) ?? file,
            date: date ?? FileText.lastChange(of: file).map { String($0.text.prefix(10)) }, sha256: sha256)
    }

    /// Writes all files or none, and says what became of the table.
    func write(_ table: TableImport) throws {
        guard table.selectedCount > 0 else {
            throw CommandFailure("none of the table's \(table.entryCount) entries is wanted by --only and --match")
        }
        let stubs = providerFolder.map { folder in table.providers.filter { !FileText.exists(folder + "/" + $0.path) } }
        var files = table.catalogs.map { OutputFile(path: catalogFolder + "/" + $0.path, text: $0.text) }
        if let providerFolder {
            files += (stubs ?? []).map { OutputFile(path: providerFolder + "/" + $0.path, text: $0.text) }
        }
        if let reportFile { files.append(OutputFile(path: reportFile, text: table.report.jsonLines)) }
        if !overwrites { try OutputFile.refuseExisting(files) }
        if !isRehearsal { try OutputFile.write(files, over: overwrites) }
        Console.print(text(table, stubs: stubs))
    }

    private func text(_ table: TableImport, stubs: [ImportedFile]?) -> String {
        let verb = isRehearsal ? "Would write" : "Wrote"
        let part =
            table.selectedCount < table.entryCount
            ? "\(table.selectedCount) of \(table.entryCount)" : "\(table.entryCount)"
        var lines = [
            "\(verb) \(table.modelCount) models of \(table.providers.count) providers in \(table.catalogs.count) files "
                + "under \(catalogFolder)/, from \(part) entries."
        ]
        if let providerFolder, let stubs {
            let kept = table.providers.count - stubs.count
            let untouched = kept > 0 ? " \(kept) were there already and are as they were." : ""
            lines.append("\(verb) \(stubs.count) providers to finish under \(providerFolder)/.\(untouched)")
        }
        let summary = table.report.summary
        if !summary.isEmpty { lines += ["", summary] }
        lines += ["", reportFile.map { "Each value is in \($0)." } ?? "Each value is listed with --report FILE."]
        return lines.joined(separator: "\n")
    }
}
