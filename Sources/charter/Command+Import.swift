import Crypto
import Reconciler
import Spec

extension Command {
    static let `import` = Command(
        name: "import",
        summary: "Make model catalogs of a public table of models and prices.",
        usage: "import litellm-prices|models-dev FILE [flags]",
        details: """
            Reads LiteLLM's model_prices_and_context_window.json or models.dev's api.json and writes one catalog, or several,
            for each provider. Prices are exact to a trillionth of a USD for a million units; what is rounded or cannot be
            carried is listed by reason, and value by value with --report. Nothing is written when a file is there already.
            exit codes: 0 done, 1 nothing was written, 2 wrong command line
            """,
        flags: ImportRequest.flags,
        positionalsMax: 2, showsProgress: true
    ) { arguments in
        let request = try ImportRequest(arguments)
        let bytes = try FileText.read(request.file, bytesMax: TableImport.bytesMax)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure("\(request.file) is not UTF-8")
        }
        ProgressBoard.begin(.importing)
        let table: TableImport
        do {
            table = try TableImport(
                text, request.origin(sha256: SHA256.digest(bytes).hex), selection: request.selection)
        } catch {
            throw CommandFailure("\(request.file): \(error)")
        }
        let refused = table.mistakes
        guard refused.isEmpty else {
            Console.printError(Rendering.text(refused))
            throw CommandFailure("the catalogs would not be valid; nothing was written")
        }
        try request.write(table)
        return 0
    }
}
