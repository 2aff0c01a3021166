import Reconciler
import Spec
import TestKit

extension TestRepository {
    private struct NotApplied: Error { let outcome: ApplyOutcome }

    /// Brings a database to the tip of `main`.
    func apply(to database: String, unit: String = "default") throws {
        let source = GitSource(location: .path(path), reference: .branch(BranchName("main")!), stateFolder: root.path)
        let outcome = try ReconcileSession(source: source, database: database, unit: unit).applyOnce(guardedBy: PlanGuard())
        guard case .applied = outcome else { throw NotApplied(outcome: outcome) }
    }

    /// `charter watch`, which applies commits and makes them of changes, until the value goes.
    func watch(applyingTo database: String) throws -> Subprocess {
        try Subprocess(
            [Programs.charter, "watch"],
            environment: [
                "CHARTER_REPOSITORY": path, "CHARTER_DATABASE_URL": database,
                "CHARTER_STATE": root.appending(path: "state").path, "SWIFT_BACKTRACE": "enable=no",
            ])
    }
}
