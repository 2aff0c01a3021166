import Reconciler
import Services
import Spec
import Store

extension Command {
    static let audit = Command(
        name: "audit",
        summary: "List and export administrative acts, and prove that their record is whole.",
        usage: "audit verify | list [ORG] | export [ORG] --database URL [flags]",
        details: """
            charter audit verify [--head SEQUENCE:HASH]…
                recomputes the chain of hashes from the first act on, and names the first row that is wrong: changed, missing, out of order,
                or not the end that was kept. A head is what charter watch logged as audit_head, and commands that act as `audit head`; with
                one it is proved that nothing up to there was cut off or written anew.
            charter audit list [ORG] [--limit N] [--before ACT]
                lists the newest acts first, of one organization or of all and the platform.
            charter audit export [ORG] [--format jsonl|csv]
                prints every act, the oldest first. detail is JSON in a string: every byte of it counts for the hash.
            exit codes: 0 done, or the record is intact, 1 an error or a wrong command line, 2 the record is broken, 3 the output could not be
            written
            """,
        flags: SharedFlags.database + [
            Flag(repeatable: "head", "SEQUENCE:HASH", help: "verify: a head that was logged; several must all be links"),
            Flag("limit", "N", help: "list: how many (default 20, at most 1000)"),
            Flag("before", "ACT", help: "list: only acts before this one"),
            Flag("format", "FORMAT", help: "export: jsonl (default) or csv"),
        ] + SharedFlags.json,
        positionalsMax: 2, two: .answer
    ) { arguments in
        let tenancy = arguments.positionals.count == 2 ? Tenancy.organization(arguments.positionals[1]) : .everything
        switch (arguments.positionals.first, arguments.positionals.count) {
        case ("verify", 1): return try verify(arguments)
        case ("list", _): try list(arguments, tenancy)
        case ("export", _): try export(arguments, tenancy)
        default: throw UsageError.wrong("audit knows verify, list [ORG] and export [ORG]", hint: "charter audit verify")
        }
        return 0
    }

    /// Of a record that is broken, apart from an error.
    private static let exitCodeOfBrokenAudit: Int32 = 2

    private static func verify(_ arguments: Arguments) throws -> Int32 {
        try arguments.refuse(["limit", "before", "format"], in: "verify")
        let known = try arguments.all("head").map { text in
            guard let head = AuditHead(text) else {
                throw UsageError.wrong("--head \"\(text)\" is not a head", hint: "the sequence, a colon and the 64 digits of the hash")
            }
            return head
        }
        let report = try AuditVerification(known: known).run(checkedConnection(arguments.database()))
        Console.print(arguments.has("json") ? report.json.text : report.text)
        return report.isIntact ? 0 : exitCodeOfBrokenAudit
    }

    private static func list(_ arguments: Arguments, _ tenancy: Tenancy) throws {
        try arguments.refuse(["head", "format"], in: "list")
        let limit = try arguments.count("limit") ?? 20
        guard limit <= listMax else { throw UsageError.wrong("--limit \(limit) is too many", hint: "charter audit export has every act") }
        let question = AuditQuestion(tenancy, limit: limit, before: try arguments.count("before").map { Int64($0) })
        let page = try question.run(checkedConnection(arguments.database()))
        Console.print(arguments.has("json") ? page.json.text : page.text)
    }

    private static let listMax = 1_000

    private static func export(_ arguments: Arguments, _ tenancy: Tenancy) throws {
        try arguments.refuse(["head", "limit", "before", "json"], in: "export")
        let text = arguments.value("format") ?? AuditExport.Format.jsonl.rawValue
        guard let format = AuditExport.Format(rawValue: text) else {
            throw UsageError.wrong("--format \"\(text)\" is not known", hint: "jsonl or csv")
        }
        try AuditExport(tenancy, format).run(checkedConnection(arguments.database())) { lines in
            Console.print(lines)
            return Console.outputProblem == nil
        }
    }
}

extension Arguments {
    /// Refuses flags that another word of the command takes.
    fileprivate func refuse(_ flags: [String], in word: String) throws(UsageError) {
        guard let flag = flags.first(where: { has($0) || value($0) != nil || !all($0).isEmpty }) else { return }
        throw .wrong("audit \(word) takes no --\(flag)", hint: "charter audit --help")
    }
}
