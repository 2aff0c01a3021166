import Glibc
import Store
import TestKit
import Testing

/// PostgreSQL frozen, cut off and out of reach in the middle of an apply: nothing is lost or done twice, and all goes on alone.
@Suite(.serialized)
struct DatabaseAwayInApplyTests {
    /// In a COPY, between two statements, and with nothing but COMMIT left to say.
    private static let points: [Failpoint] = [.midCopy, .midApply, .beforeCommit]

    let server: ControlledPostgres
    let proxy: FaultyProxy
    let scene: FaultScene
    private let before: String

    init() throws {
        server = try ControlledPostgres()
        proxy = try FaultyProxy(to: server.port)
        scene = try FaultScene(database: server.url())
        try scene.apply()
        before = try scene.state()
        try scene.commit(2)
    }

    /// A program that stands still in its transaction, with the proxy between it and PostgreSQL.
    private func stand(at point: Failpoint, _ words: [String]) throws -> Subprocess {
        let program = try Subprocess(
            [Programs.charter] + words,
            environment: scene.environment(point, stop: true).merging(["CHARTER_DATABASE_URL": server.url(at: proxy.port)]) { $1 })
        try eventually(within: .seconds(15), "it stands at \(point.rawValue): \(program.errors)") { program.isStopped }
        return program
    }

    private func watch(at point: Failpoint) throws -> Subprocess { try stand(at: point, ["watch", "--lease", "1s"]) }

    /// The commit is applied by one revision, and nothing else happened.
    private func goesOn(_ watch: Subprocess, within bound: Duration = .seconds(20)) throws {
        try eventually(within: bound, "it goes on: \(watch.errors)") { try scene.applied == scene.tip }
        #expect(try scene.revision == 2)
        #expect(!watch.errors.contains(" stuck "), "\(watch.errors)")
        watch.kill(15)
        #expect(watch.wait(within: .seconds(15)) == 0, "\(watch.errors)")
        try expectNothing(scene.whatIsWrong())
    }

    @Test(arguments: points) func `frozen in the middle of an apply and thawed, the apply goes on where it was`(point: Failpoint) throws {
        let watch = try watch(at: point)
        server.freeze()
        defer { server.thaw() }
        watch.kill(18)
        // Longer than its lease, and shorter than it has patience.
        usleep(3_000_000)
        server.thaw()
        try goesOn(watch)
        #expect(!watch.errors.contains(" retrying "), "\(watch.errors)")
    }

    @Test(arguments: points) func `connections dropped in the middle of an apply: the old state is whole, and it is done again`(point: Failpoint) throws {
        let watch = try watch(at: point)
        try proxy.fail(.drop)
        watch.kill(18)
        try eventually(within: .seconds(15), "the session is gone") {
            try scene.sql("SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in%' AND datname = current_database()") == ["0"]
        }
        // A lost COMMIT is looked for a while before anything is said of it.
        if point != .beforeCommit {
            try eventually(within: .seconds(15), "the trouble is told: \(watch.errors)") { watch.errors.contains(" retrying ") }
        }
        #expect(try scene.state() == before)
        try proxy.fail(.pass)
        try goesOn(watch)
    }

    @Test(arguments: points) func `swallowed in the middle of an apply for a while, the apply goes on where it was`(point: Failpoint) throws {
        let watch = try watch(at: point)
        try proxy.fail(.blackhole)
        watch.kill(18)
        usleep(3_000_000)
        #expect(try scene.state() == before)
        try proxy.fail(.pass)
        try goesOn(watch)
    }

    @Test(arguments: points) func `told to end while PostgreSQL is frozen in the middle of an apply, it ends and leaves nothing half done`(point: Failpoint) throws {
        let watch = try watch(at: point)
        server.freeze()
        defer { server.thaw() }
        watch.kill(18)
        watch.kill(15)
        #expect(watch.wait(within: .seconds(20)) != nil, "it does not end: \(watch.errors)")
        server.thaw()
        // A COMMIT that was sent may still be carried out.
        try eventually(within: .seconds(20), "no session is left") {
            try scene.sql("SELECT count(*) FROM pg_stat_activity WHERE state <> 'idle' AND pid <> pg_backend_pid() AND datname = current_database()") == ["0"]
        }
        try expectNothing(scene.whatIsWrong())
        #expect(try point == .beforeCommit || scene.state() == before)
        try expectNothing(scene.converge())
        #expect(try scene.revision == 2)
    }

    @Test(arguments: [FaultyProxy.Mode.muteBeforeCommit, .muteAfterCommit])
    func `a COMMIT that is met by silence is looked for when the session is given up, and never done twice`(mode: FaultyProxy.Mode) throws {
        let apply = try stand(at: .beforeCommit, ["apply"])
        try proxy.fail(mode)
        apply.kill(18)
        try eventually(within: .seconds(10), "a COMMIT was swallowed") { proxy.cuts == 1 }
        #expect(apply.wait(within: .seconds(75)) == 0, "\(apply.errors)")
        #expect(apply.output.contains("as revision 2"), "\(apply.output)")
        #expect(try scene.revision == 2)
        try expectNothing(scene.whatIsWrong())
    }

    @Test(.enabled(if: FaultSettings.isLong, "takes minutes; `make faults`"), arguments: points)
    func `frozen for longer than an apply has patience, the session is given up and the apply done again`(point: Failpoint) throws {
        let watch = try watch(at: point)
        server.freeze()
        defer { server.thaw() }
        watch.kill(18)
        try eventually(within: .seconds(150), "the trouble is told: \(watch.errors)") { watch.errors.contains(" retrying ") }
        server.thaw()
        try goesOn(watch, within: .seconds(90))
    }
}
