import Store
import TestKit
import Testing

/// PostgreSQL behind PgBouncer in transaction mode goes, and comes again.
@Suite(.enabled(if: TestPostgres.isPooled, "needs PgBouncer; `make test-pgbouncer`"))
struct PoolerTests {
    @Test(arguments: [ControlledPostgres.Stop.fast, .immediate])
    func `restarted behind a pooler while it is watched`(how: ControlledPostgres.Stop) throws {
        let server = try ControlledPostgres()
        let pooler = try TestPooler(before: server)
        let scene = try FaultScene(database: pooler.url(of: "charter"))
        let watch = try scene.start("watch", "--lease", "1s")
        try eventually(within: .seconds(15), "the first state: \(watch.errors)") { try scene.applied == scene.tip }
        try server.stop(how)
        let tip = try scene.commit(2)
        // A pooler keeps a question for a while before it says that nobody answers.
        try eventually(within: .seconds(30), "the trouble is told: \(watch.errors)") { watch.errors.contains(" retrying ") }
        try server.start()
        try eventually(within: .seconds(30), "it goes on: \(watch.errors)") { (try? scene.applied) == tip }
        try eventually(within: .seconds(10), "it says so: \(watch.errors)") { watch.errors.contains(" recovered") }
        #expect(!watch.errors.contains(" stuck "), "\(watch.errors)")
        try expectNothing(scene.whatIsWrong())
        watch.kill(15)
        #expect(watch.wait(within: .seconds(15)) == 0, "\(watch.errors)")
    }
}
