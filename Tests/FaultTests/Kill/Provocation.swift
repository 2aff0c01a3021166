import Foundation
import Store
import TestKit

/// Brings the program to one failpoint, and what follows from dying there.
struct Provocation {
    enum Expectation { case old, new }

    let point: Failpoint
    let turn: Int
    let scene: FaultScene
    /// The state before the program was started that dies.
    let before: String
    /// Whether hands changed rows, which the program that dies was to put right.
    var hasDrift: Bool { point == .beforeCorrection }

    /// A point that is passed several times is deadly at several of them.
    static func turns(of point: Failpoint) -> [Int] { point == .midCopy ? [1, 2] : [1] }

    init(_ point: Failpoint, turn: Int) throws {
        self.point = point
        self.turn = turn
        switch point {
        case .beforeFetch, .midFetch, .afterReferences, .afterFetch: scene = try FaultScene(remote: true)
        case .beforeCorrection, .afterCorrection: scene = try FaultScene(rules: "drift: correct")
        case .beforePush, .afterPush: scene = try FaultScene(rules: "writeBack: { to: main }")
        case .afterBlock, .beforeApproval: scene = try FaultScene(rules: "protect: [{ kinds: [Budget] }]")
        default: scene = try FaultScene()
        }
        try scene.apply()
        if point == .beforeRollback || point == .afterRollback {
            try scene.commit(2)
            try scene.apply()
        }
        before = try scene.state()
    }

    struct Unexpected: Error {}

    /// What of the state such a death may change.
    var expectation: Expectation {
        switch point {
        case .afterApply, .beforeRelease, .afterRollback: .new
        case .beforeFetch, .midFetch, .afterReferences, .afterFetch, .afterLead, .beforeApply, .afterVerification, .midApply,
            .beforeCommit, .midCopy, .afterRejection, .afterBlock, .beforeRollback, .beforeSuspension, .beforeApproval,
            .midMigration, .betweenMigrations, .beforePush, .afterPush:
            .old
        case .beforeCorrection, .afterCorrection: .new
        }
    }

    /// Runs the program to its death; false when it came through.
    func run() throws -> Bool {
        switch point {
        case .beforeFetch, .midFetch, .afterReferences, .afterFetch: try fetch()
        case .afterLead, .beforeRelease, .beforeApply, .afterVerification, .midApply, .beforeCommit, .afterApply, .midCopy:
            try apply()
        case .afterRejection: try reject()
        case .afterBlock: try block()
        case .beforeApproval: try approve()
        case .beforeCorrection, .afterCorrection: try correct()
        case .beforeRollback, .afterRollback: try die("rollback", "1", "--reason", "it did harm")
        case .beforeSuspension: try die("suspend", "--reason", "maintenance")
        case .midMigration, .betweenMigrations: try migrate()
        case .beforePush, .afterPush: try change()
        }
    }

    /// What a person, or the next process, does then; says what is wrong afterwards.
    func goOn() throws -> [String] {
        switch point {
        case .afterRejection:
            try scene.commit(3, ["orgs/acme/bad.yaml": nil])
        case .beforeApproval, .afterBlock:
            guard try scene.charter(try approval()).code == 0 else { return ["the approval was refused"] }
        case .beforeRollback:
            guard try scene.charter("rollback", "1", "--reason", "it did harm").code == 0 else { return ["no rollback"] }
            return try scene.whatIsWrong()
        case .afterRollback:
            guard try scene.charter("resume").code == 0 else { return ["the hold did not end"] }
        case .beforeSuspension:
            guard try scene.sql("SELECT count(*) FROM charter.audit WHERE action LIKE 'unit.%'") == ["0"] else { return ["half a suspension"] }
        case .beforeCorrection, .afterCorrection:
            let watch = try scene.start("watch", "--lease", "1s", "--drift-interval", "100ms")
            // Where the rows are right already, the wait below ends before the process hears signals.
            try eventually(within: .seconds(20), "it leads: \(watch.errors)") { watch.errors.contains(" led ") }
            try eventually(within: .seconds(20), "the rows are put right") { try scene.whatIsWrong() == [] }
            watch.kill(15)
            guard watch.wait(within: .seconds(15)) == 0 else { return ["watch did not end"] }
        case .beforePush, .afterPush: return try carryOut()
        default: break
        }
        return try scene.converge()
    }

    // MARK: Deaths

    private func die(_ words: String...) throws -> Bool { try scene.charter(words, at: point, turn: turn).code == -9 }

    private func apply() throws -> Bool {
        try scene.commit(2)
        return try die("apply")
    }

    /// The child dies and its parent says so.
    private func fetch() throws -> Bool {
        try scene.commit(2)
        let outcome = try scene.charter("apply", at: point)
        return outcome.code == 1 && outcome.errors.contains("the fetch ended by signal 9")
    }

    private func reject() throws -> Bool {
        try scene.commit(2, ["orgs/acme/bad.yaml": "kind: Nothing\n"])
        return try die("apply")
    }

    /// Takes away what is protected.
    private func takeAway() throws { try scene.commit(2, ["orgs/acme/team.yaml": nil]) }

    private func block() throws -> Bool {
        try takeAway()
        return try die("apply")
    }

    private func approve() throws -> Bool {
        try takeAway()
        guard try scene.charter("apply").code != 0 else { throw Unexpected() }
        return try scene.charter(try approval(), at: point).code == -9
    }

    private func approval() throws -> [String] {
        let digest = try scene.sql("SELECT digest FROM charter.waiting_plan").first ?? ""
        return ["approve", digest, "--as", "acme/sec", "--reason", "as agreed"]
    }

    private func correct() throws -> Bool {
        let watch = try scene.start("watch", "--lease", "1s", "--drift-interval", "100ms", at: point)
        try eventually(within: .seconds(20), "the branch is looked at") { watch.errors.contains(" unchanged ") }
        try scene.sql("UPDATE charter.resource SET canonical = '{}' WHERE name = 'kept'")
        return watch.wait(within: .seconds(20)) == -9
    }

    /// Asks a running reconciler for what cannot be done twice: a resource that is there already is not added.
    private func change() throws -> Bool {
        let watch = try scene.start("watch", "--lease", "1s", at: point)
        try eventually(within: .seconds(20), "the branch is looked at") { watch.errors.contains(" unchanged ") }
        let file = scene.repository.root.appending(path: "lab.yaml")
        try Data("apiVersion: charter/v1\nkind: Project\nmetadata: { name: lab }\nspec: { displayName: Lab }\n".utf8).write(to: file)
        guard try scene.charter("add", file.path, "--org", "acme", "--as", "ada", "--wait", "1ms").code == 0 else { throw Unexpected() }
        return watch.wait(within: .seconds(20)) == -9
    }

    /// The next reconciler has the change on the branch once, whether the one that died had brought it there or not.
    private func carryOut() throws -> [String] {
        let watch = try scene.start("watch", "--lease", "1s")
        try eventually(within: .seconds(30), "the change is applied: \(watch.errors)") {
            try scene.sql("SELECT state FROM charter.change_request") == ["enforced"]
        }
        watch.kill(15)
        guard watch.wait(within: .seconds(15)) == 0 else { return ["watch did not end"] }
        let count = try scene.repository.git("rev-list", "--count", "--grep=^Charter-Change: ", "main")
        guard count == "1" else { return ["the change was committed \(count) times"] }
        return try scene.whatIsWrong() + (scene.applied == scene.tip ? [] : ["the tip is not applied"])
    }

    /// A schema that is up to date passes no step, so another database is migrated.
    private func migrate() throws -> Bool {
        let other = try FaultScene(database: TestPostgres.shared.emptyDatabase())
        return try other.charter("migrate", at: point).code == -9
    }
}
