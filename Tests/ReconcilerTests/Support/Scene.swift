import Foundation
import Reconciler
import Store
import TestKit

/// A repository and a database for one test, and the programs that bring them together.
final class Scene: Sendable {
    let repository: TestRepository
    let database: String

    init(_ files: [String: String] = Declared.platform) throws {
        repository = try TestRepository()
        database = try TestPostgres.shared.freshDatabase()
        if !files.isEmpty { try repository.commit(files, message: "First rules") }
    }

    var source: GitSource {
        GitSource(location: .path(repository.path), reference: .branch(BranchName("main")!), stateFolder: repository.root.path)
    }

    func session() throws -> ReconcileSession { try ReconcileSession(source: source, database: database) }

    @discardableResult
    func apply(allowingMassDeletion: Bool = false) throws -> ApplyOutcome {
        var planGuard = PlanGuard()
        planGuard.allowsMassDeletion = allowingMassDeletion
        return try session().applyOnce(guardedBy: planGuard)
    }

    func plan() throws -> PlanOutcome { try PlanRequest(.tip(source), against: .database(database)).run() }

    func drift() throws -> DriftReport { try DriftReport.read(Connection(database)) }

    /// Runs SQL as a hand would; answers the first column of every row.
    @discardableResult
    func sql(_ text: String) throws -> [String] {
        try TestPostgres.firstColumn(of: text, in: database)
    }

    /// Every row of the state tables with the transaction that wrote it: equal texts mean that nothing was written.
    func fingerprint() throws -> [String] {
        try ["resource", "provenance", "lineage", "history", "revision", "revision_head", "unit"].flatMap { table in
            try sql("SELECT '\(table) ' || xmin || ' ' || t::text FROM charter.\(table) t ORDER BY 1")
        }
    }

    // MARK: Programs

    private var environment: [String: String] {
        [
            "CHARTER_REPOSITORY": repository.path, "CHARTER_DATABASE_URL": database,
            "CHARTER_STATE": repository.root.appending(path: "state").path, "SWIFT_BACKTRACE": "enable=no",
        ]
    }

    func charter(_ words: String..., environment more: [String: String] = [:]) throws -> Subprocess.Outcome {
        try charter(words, environment: more)
    }

    func charter(_ words: [String], environment more: [String: String] = [:]) throws -> Subprocess.Outcome {
        try Subprocess.run([Programs.charter] + words, environment: environment.merging(more) { $1 })
    }

    func start(_ words: String..., environment more: [String: String] = [:]) throws -> Subprocess {
        try Subprocess([Programs.charter] + words, environment: environment.merging(more) { $1 })
    }
}
