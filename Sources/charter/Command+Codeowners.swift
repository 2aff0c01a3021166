import Foundation
import Reconciler
import Spec

extension Command {
    static let codeowners = Command(
        name: "codeowners",
        summary: "Write the owners of charter.yaml as a CODEOWNERS file.",
        usage: "codeowners [PATH] [flags]",
        details: """
            Reads the folder PATH (default: this folder) as validate does, and prints lines that GitHub, GitLab and Gitea read.
            What cannot be said there is refused and listed; nothing is written then.
            exit codes: 0 written, 1 mistakes or refusals, 2 wrong command line, 3 a folder or file cannot be read or written
            """,
        flags: [Flag("output", "FILE", help: "write this file, and print nothing")] + SharedFlags.limits,
        positionalsMax: 1, showsProgress: true
    ) { arguments in
        let limits = try arguments.limits()
        let reading: FolderReader
        do {
            reading = try FolderReader(arguments.positionals.first ?? ".", limits: limits)
        } catch {
            Console.printError("charter codeowners: \(error)")
            return 3
        }
        let check = DeclarationCheck(files: reading.files, refusals: reading.refusals)
        let mistakes = check.diagnostics.filter { $0.severity == .error }
        let codeowners = Codeowners(check.declarations)
        let found = mistakes.isEmpty ? codeowners.problems : mistakes
        guard found.isEmpty else {
            Console.printError(Rendering.text(SourceLines(reading.files).attach(to: found)))
            return 1
        }
        return write(codeowners.text, to: arguments.value("output"))
    }

    private static func write(_ text: String, to path: String?) -> Int32 {
        guard let path else {
            Console.print(String(text.dropLast()))
            return 0
        }
        do {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            return 0
        } catch {
            Console.printError("charter codeowners: cannot write \(path)")
            return 3
        }
    }
}
