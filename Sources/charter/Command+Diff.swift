import Reconciler
import Spec
import Store

extension Command {
    static let diff = Command(
        name: "diff",
        summary: "Show what differs between files and the database, or between two applied states.",
        usage: "diff [A..B] [KIND [NAME]] --database URL [flags]",
        details: """
            Without A..B: what the files at --repo (default: this folder) say, edits that nobody committed included, and what the
            database holds; with --rev, or for a URL or a bare repository, a commit of it. A folder inside limits it to what
            is written there. No guard and no signature is asked, as charter plan does. What prune or pruneFor keeps is no difference.
            With A..B: the applied state at two revisions or times; A.. ends at the newest. Costs what was changed between the
            two, however large the state is.
            \(momentDetails)
            exit codes: 0 nothing differs, 1 something does, 2 an error, files with mistakes, or a wrong command line
            """,
        flags: [Flag("repo", "PATH|URL", fallback: ".", help: "the folder or repository whose files are compared")]
            + SharedFlags.repository.dropFirst() + SharedFlags.unit + SharedFlags.database + [
                Flag("rev", "REV", help: "compare this commit, and not the files as they lie there"),
                Flag("against", "FILE", help: "compare with this export instead of a database"),
                Flag("org", "NAME", help: "only what belongs to this organization; - for the platform"),
                Flag(switch: "names", help: "print only which resources differ, one a line"),
                Flag(switch: "quiet", help: "print nothing; the exit code tells"),
            ] + SharedFlags.json,
        positionalsMax: 3, showsProgress: true, failure: 2
    ) { arguments in
        let form = try arguments.differenceForm()
        let words = arguments.positionals
        if let range = words.first, range.contains("..") {
            let (from, to) = try Moment.range(range)
            let query = try ResourceQuery(words.dropFirst(), org: arguments.value("org"))
            let difference = try arguments.looking {
                try RevisionDifference($0, from: from.resolve($0), to: to.resolve($0), query)
            }
            return show(difference.report, form)
        }
        if let word = words.first, (try? Moment.parse(word)) != nil {
            throw UsageError.wrong("one revision is no range", hint: "charter diff \(word).. compares with the newest")
        }
        var request = FilesDifference(
            try arguments.comparedFiles(), against: try arguments.planBase(), unit: try arguments.unit())
        request.query = try ResourceQuery(words, org: arguments.value("org"))
        request.limits = try arguments.limits()
        switch try request.run() {
        case .found(let report): return show(report, form)
        case .rejected(let rejection):
            if form == .json { Console.print(rejection.planJSON.text) } else { Console.printError(rejection.text) }
            return 2
        }
    }

    private static func show(_ report: DifferenceReport, _ form: DifferenceForm) -> Int32 {
        if let text = report.rendered(as: form) { Console.print(text) }
        return report.isEmpty ? 0 : 1
    }
}

extension Arguments {
    fileprivate func differenceForm() throws -> DifferenceForm {
        let named = [DifferenceForm.names, .quiet, .json].filter { has($0.rawValue) }
        guard named.count < 2 else {
            throw UsageError.wrong("--\(named[0].rawValue) and --\(named[1].rawValue) exclude each other", hint: nil)
        }
        return named.first ?? .text
    }

    /// The files of a folder, unless a commit is meant.
    fileprivate func comparedFiles() throws -> FilesDifference.Files {
        var source = try source()
        guard case .path(let path) = source.location else { return .commit(source, named: value("rev")) }
        var root = try DeclarationRoot.find([path])
        if root.repository == nil, let repository = try? GitRepository(at: path), repository.isBare {
            return .commit(source, named: value("rev"))
        }
        if !source.folder.isEmpty { root = try DeclarationRoot.unit(source.folder, of: path) }
        let isCommit = ["rev", "tag", "commit"].contains { value($0) != nil }
        guard isCommit else { return .folder(root) }
        source.location = .path(root.repository ?? root.folder)
        source.folder = root.prefix
        return .commit(source, named: value("rev"))
    }
}
