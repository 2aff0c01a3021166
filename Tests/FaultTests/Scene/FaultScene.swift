import Foundation
import Reconciler
import Spec
import Store
import Synchronization
import TestKit
import Testing

/// A repository whose every commit has a state of its own, a database, and the programs that bring them together.
final class FaultScene: Sendable {
    let repository: TestRepository
    let database: String
    /// Reads by a mirror and not where the repository lies.
    let isRemote: Bool
    private let rules: String
    private let digests = Mutex<[String: String]>([:])

    /// `rules` is the body of `charter.yaml`'s spec.
    init(remote isRemote: Bool = false, rules: String = "drift: report", database: String? = nil) throws {
        repository = try TestRepository()
        self.isRemote = isRemote
        self.rules = rules
        self.database = try database ?? TestPostgres.shared.freshDatabase()
        try commit(1)
    }

    // MARK: Commits

    /// The files of the state numbered `n`: something is created, changed, renamed or deleted with every step.
    func files(_ n: Int) -> [String: String] {
        var files = [
            "charter.yaml": Self.document("Repository", "test", "{ \(rules) }"),
            "orgs/acme/org.yaml": Self.document("Organization", "acme", "{ displayName: Acme }"),
            "orgs/acme/ada.yaml": Self.document("Member", "ada", "{ email: ada@example.com, roles: [admin] }"),
            "orgs/acme/sec.yaml": Self.document("Member", "sec", "{ email: sec@example.com, roles: [security] }"),
            "orgs/acme/team.yaml": Self.document("Budget", "team", "{ for: { organization: true }, hard: \(n) USD/month }"),
            "orgs/acme/kept.yaml": Self.document("Project", "kept", "{ displayName: Kept }"),
        ]
        for slot in 0..<4 where (n + slot) % 3 != 0 {
            files["orgs/acme/p\(slot).yaml"] = Self.document("Project", "p\(slot)", "{ displayName: P\((n + slot) / 3) }")
        }
        // A new name for the same thing with every step.
        let previous = (1..<n).suffix(40).map { "moving-\($0)" }.joined(separator: ", ")
        files["orgs/acme/moving.yaml"] = """
            apiVersion: charter/v1
            kind: Project
            metadata: { name: moving-\(n)\(previous.isEmpty ? "" : ", previousNames: [\(previous)]") }
            spec: { displayName: Moving }

            """
        return files
    }

    static func document(_ kind: String, _ name: String, _ spec: String) -> String {
        "apiVersion: charter/v1\nkind: \(kind)\nmetadata: { name: \(name) }\nspec: \(spec)\n"
    }

    /// Commits the state numbered `n` with `more` on top; answers the commit's id.
    @discardableResult
    func commit(_ n: Int, _ more: [String: String?] = [:]) throws -> String {
        let files = files(n).merging(more.compactMapValues { $0 }) { $1 }.filter { more[$0.key] != .some(nil) }
        let folder = repository.workTree.appending(path: "orgs")
        try? FileManager.default.removeItem(at: folder)
        return try repository.commit(files.mapValues { $0 }, message: "State \(n)")
    }

    var tip: String { get throws { try repository.git("rev-parse", "main") } }

    /// What the whole state's digest is when a commit is enforced, from its files alone.
    func digest(of commit: String) throws -> String {
        if let known = digests.withLock({ $0[commit] }) { return known }
        let digest = try readDigest(of: commit)
        digests.withLock { $0[commit] = digest }
        return digest
    }

    private func readDigest(of commit: String) throws -> String {
        let git = try GitRepository(at: repository.path)
        var reader = CommitReader()
        guard case .sound(let desired) = try reader.read(git.commit(named: commit), in: git) else { throw Unsound(commit: commit) }
        var digest = StateDigest()
        for resource in desired.resources.values { digest.add(StateDigest.row(resource.key, resource.canonical)) }
        return digest.hex
    }

    struct Unsound: Error { let commit: String }

    // MARK: Database

    /// Runs SQL as a hand would; answers the first column of every row.
    @discardableResult
    func sql(_ text: String) throws -> [String] {
        try TestPostgres.firstColumn(of: text, in: database)
    }

    /// The newest revision and the digest of the rows.
    func state() throws -> String {
        try sql("SELECT (SELECT coalesce(max(id), 0) FROM charter.revision) || ' ' || charter.state_digest()").first ?? ""
    }

    /// Every row of the state's tables with the transaction that wrote it: equal texts mean that nothing was written.
    func fingerprint() throws -> [String] {
        try ["resource", "provenance", "lineage", "history", "revision", "revision_head"].flatMap { table in
            try sql("SELECT '\(table) ' || xmin || ' ' || t::text FROM charter.\(table) t ORDER BY 1")
        }
    }

    var revision: Int { get throws { Int(try sql("SELECT coalesce(max(id), 0) FROM charter.revision")[0]) ?? -1 } }

    /// The commit that is applied.
    var applied: String { get throws { try sql("SELECT commit FROM charter.revision ORDER BY id DESC LIMIT 1").first ?? "" } }

    // MARK: Programs

    var stateFolder: String { repository.root.appending(path: "state").path }

    func environment(_ point: Failpoint? = nil, turn: Int = 1, stop: Bool = false) -> [String: String] {
        var environment = [
            "CHARTER_REPOSITORY": isRemote ? "file://" + repository.path : repository.path, "CHARTER_DATABASE_URL": database,
            "CHARTER_STATE": stateFolder, "SWIFT_BACKTRACE": "enable=no",
        ]
        if let point { environment[Failpoint.variable] = "\(point.rawValue)@\(turn)" + (stop ? "=stop" : "") }
        return environment
    }

    func charter(_ words: String..., at point: Failpoint? = nil, turn: Int = 1) throws -> Subprocess.Outcome {
        try charter(words, at: point, turn: turn)
    }

    func charter(_ words: [String], at point: Failpoint? = nil, turn: Int = 1) throws -> Subprocess.Outcome {
        try Subprocess.run([Programs.charter] + words, environment: environment(point, turn: turn), within: .seconds(60))
    }

    /// `url` is another way to the database, `address` one to the repository.
    func start(
        _ words: String..., at point: Failpoint? = nil, turn: Int = 1, stop: Bool = false, by url: String? = nil,
        from address: String? = nil
    ) throws -> Subprocess {
        var environment = environment(point, turn: turn, stop: stop)
        if let url { environment["CHARTER_DATABASE_URL"] = url }
        if let address { environment["CHARTER_REPOSITORY"] = address }
        return try Subprocess([Programs.charter] + words, environment: environment)
    }

    /// Applies what is there, which must go well.
    func apply() throws {
        let outcome = try charter("apply")
        guard outcome.code == 0 else { throw Refused(words: outcome.errors + outcome.output) }
    }

    struct Refused: Error { let words: String }

    /// Applies what is there by `charter apply`, and says what is wrong with the state then.
    func converge() throws -> [String] {
        let outcome = try charter("apply")
        guard outcome.code == 0 else { return ["charter apply: \(outcome.errors)"] }
        return try whatIsWrong() + (applied == tip ? [] : ["\(try applied) is applied, and the tip is \(try tip)"])
    }

    /// Everything that is wrong with the state; empty when it is exactly that of a commit.
    func whatIsWrong(drift: Bool = false, newest: Int64? = nil) throws -> [String] {
        try StateCheck(database: database, digestOf: { try self.digest(of: $0) }, newest: newest).violations(allowingDrift: drift)
    }
}

/// Expects that nothing is wrong, and shows what is.
func expectNothing(_ wrong: [String], _ what: String = "", sourceLocation: Testing.SourceLocation = #_sourceLocation) {
    if !wrong.isEmpty { Issue.record("\(what) \(wrong.joined(separator: "; "))", sourceLocation: sourceLocation) }
}
