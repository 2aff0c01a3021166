internal import Spec

extension RepositoryExport {
    /// Names that are listed of each sort before the rest is counted.
    private static let namesMax = 20

    /// What was written, and what a person has to know of it.
    package func text(folder: String) -> String {
        var lines = ["Wrote \(resourceCount) resources in \(files.count) files below \(folder.printable)."]
        lines += Self.list("put into the database by hand, and written as found; until they are applied, a plan creates them", foreign.map(\.description))
        lines += Self.list("changed by hand in the database, and written as applied", drifted.map(\.description))
        lines += Self.list("not written", leftOut.map { "\($0.name.printable): \($0.reason.printable)" })
        if check.errorCount > 0 {
            lines += ["", "\(check.errorCount) mistakes remain in what is written; charter validate shows all:"]
            let errors = check.diagnostics.filter { $0.severity == .error }
            lines += errors.prefix(Self.namesMax).map { "    \($0.place.map { "\($0): " } ?? "")\($0.message) [\($0.code.rawValue)]" }
        }
        return lines.joined(separator: "\n")
    }

    /// Whether all of the database is in the files, and they are sound.
    package var isComplete: Bool { leftOut.isEmpty && check.errorCount == 0 }

    private static func list(_ title: String, _ names: [String]) -> [String] {
        guard !names.isEmpty else { return [] }
        let more = names.count > namesMax ? ["    and \(names.count - namesMax) more"] : []
        return ["", "\(names.count) \(title):"] + names.prefix(namesMax).map { "    \($0)" } + more
    }
}
