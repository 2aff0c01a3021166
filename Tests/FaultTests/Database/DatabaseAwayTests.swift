import Foundation
import Glibc
import Store
import TestKit
import Testing

/// PostgreSQL restarted, frozen, out of reach, full, read-only, out of connections: nothing is lost, and all goes on alone.
@Suite(.serialized)
struct DatabaseAwayTests {
    let server: ControlledPostgres

    init() throws { server = try ControlledPostgres() }

    /// A scene whose first state is applied, and a watcher that follows it, by a proxy if there is one.
    private func begin(_ proxy: FaultyProxy? = nil) throws -> (scene: FaultScene, watch: Subprocess) {
        let scene = try FaultScene(database: server.url())
        let watch = try scene.start("watch", "--lease", "1s", by: proxy.map { server.url(at: $0.port) })
        try eventually(within: .seconds(15), "the first state: \(watch.errors)") { try scene.applied == scene.tip }
        return (scene, watch)
    }

    /// The commit that came meanwhile is applied, the log says what was wrong in few lines, and nothing else happened.
    private func recovers(_ scene: FaultScene, _ watch: Subprocess, lines: Int = 4, within bound: Duration = .seconds(20)) throws {
        try eventually(within: bound, "it goes on: \(watch.errors)") { try scene.applied == scene.tip }
        try eventually(within: .seconds(10), "it says so: \(watch.errors)") { watch.errors.contains(" recovered") }
        try expectNothing(scene.whatIsWrong())
        let complaints = watch.errors.split(separator: "\n").filter { $0.contains(" retrying ") || $0.contains(" stuck ") }
        #expect((1...lines).contains(complaints.count), "\(watch.errors)")
        #expect(!watch.errors.contains(" stuck "), "\(watch.errors)")
        try end(watch)
    }

    private func end(_ watch: Subprocess, within bound: Duration = .seconds(15)) throws {
        watch.kill(15)
        #expect(watch.wait(within: bound) == 0, "\(watch.errors)")
    }

    @Test(arguments: [ControlledPostgres.Stop.fast, .immediate])
    func `restarted while it is watched`(how: ControlledPostgres.Stop) throws {
        let (scene, watch) = try begin()
        try server.stop(how)
        try scene.commit(2)
        try eventually(within: .seconds(10), "the trouble is told") { watch.errors.contains(" retrying ") }
        // Long enough for a line a second to be noticed.
        usleep(3_000_000)
        try server.start()
        try recovers(scene, watch)
    }

    @Test(arguments: [ControlledPostgres.Stop.fast, .immediate])
    func `restarted in the middle of an apply`(how: ControlledPostgres.Stop) throws {
        let scene = try FaultScene(database: server.url())
        try scene.apply()
        let before = try scene.state()
        try scene.commit(2)
        let watch = try scene.start("watch", "--lease", "1s", at: .beforeCommit, stop: true)
        try eventually(within: .seconds(15), "it stands before COMMIT") { watch.isStopped }
        try server.stop(how)
        try server.start()
        #expect(try scene.state() == before)
        watch.kill(18)
        try recovers(scene, watch)
        #expect(try scene.revision == 2)
    }

    @Test func `frozen: the wait is bounded, the end is too, and thawed it goes on`() throws {
        let (scene, watch) = try begin()
        let second = try scene.start("watch", "--lease", "1s")
        server.freeze()
        defer { server.thaw() }
        try scene.commit(2)
        usleep(2_000_000)
        let clock = ContinuousClock()
        let took = try clock.measure { try end(second, within: .seconds(20)) }
        #expect(took < .seconds(15))
        try eventually(within: .seconds(45), "the first says what is wrong: \(watch.errors)") { watch.errors.contains(" retrying ") }
        server.thaw()
        try recovers(scene, watch)
    }

    @Test func `behind a network that drops everything`() throws {
        let proxy = try FaultyProxy(to: server.port)
        let (scene, watch) = try begin(proxy)
        try proxy.fail(.drop)
        try scene.commit(2)
        try eventually(within: .seconds(10), "the trouble is told") { watch.errors.contains(" retrying ") }
        usleep(2_000_000)
        try proxy.fail(.pass)
        try recovers(scene, watch)
    }

    @Test func `behind a network that swallows everything`() throws {
        let proxy = try FaultyProxy(to: server.port)
        let (scene, watch) = try begin(proxy)
        try proxy.fail(.blackhole)
        try scene.commit(2)
        try eventually(within: .seconds(50), "the trouble is told: \(watch.errors)") { watch.errors.contains(" retrying ") }
        try proxy.fail(.pass)
        try recovers(scene, watch)
    }

    @Test(arguments: [FaultyProxy.Mode.cutBeforeCommit, .cutAfterCommit], ["apply", "watch"])
    func `a COMMIT that was not answered is looked for, and never done twice`(mode: FaultyProxy.Mode, command: String) throws {
        let proxy = try FaultyProxy(to: server.port)
        let scene = try FaultScene(database: server.url())
        try scene.apply()
        try scene.commit(2)
        let program = try scene.start(command, at: .beforeCommit, stop: true, by: server.url(at: proxy.port))
        try eventually(within: .seconds(15), "it stands before COMMIT") { program.isStopped }
        try proxy.fail(mode)
        program.kill(18)
        try eventually(within: .seconds(10), "a COMMIT was cut") { proxy.cuts > 0 }
        try proxy.fail(.pass)
        if command == "apply" {
            #expect(program.wait(within: .seconds(30)) == 0, "\(program.errors)")
            #expect(program.output.contains("as revision 2"), "\(program.output)")
        } else {
            try eventually(within: .seconds(20), "it goes on: \(program.errors)") { try scene.applied == scene.tip }
            try end(program)
        }
        #expect(try scene.revision == 2)
        try expectNothing(scene.whatIsWrong())
    }

    @Test func `F25 out of connections`() throws {
        let (scene, watch) = try begin()
        let watching = server.backends()
        var taken: [Connection] = []
        while let one = try? Connection(server.url()), taken.count < 200 { taken.append(one) }
        #expect(taken.count < 200)
        for pid in watching {
            Glibc.kill(pid, 15)
            // The place of the one that went is taken before it is back.
            try eventually(within: .seconds(10), "another session") {
                taken.append(try Connection(server.url()))
                return true
            }
        }
        try scene.repository.commit(["orgs/acme/extra.yaml": FaultScene.document("Project", "extra", "{ displayName: Extra }")])
        try eventually(within: .seconds(10), "the trouble is told: \(watch.errors)") { watch.errors.contains(" retrying ") }
        usleep(1_500_000)
        taken = []
        try recovers(scene, watch)
    }

    @Test func `F25 read-only for a while, as a primary that was demoted`() throws {
        let (scene, watch) = try begin()
        let admin = try Connection(server.url(of: "postgres"))
        try admin.administer("ALTER DATABASE charter SET default_transaction_read_only = on")
        for pid in server.backends() { Glibc.kill(pid, 15) }
        try scene.commit(2)
        try eventually(within: .seconds(10), "the trouble is told: \(watch.errors)") { watch.errors.contains("read-only") }
        usleep(2_000_000)
        try admin.administer("ALTER DATABASE charter RESET default_transaction_read_only")
        try recovers(scene, watch)
    }

    @Test func `F25 serialization failures and deadlocks that others cause are tried again in silence`() throws {
        let (scene, watch) = try begin()
        // Every second transaction that moves the head fails as if another had won.
        try scene.sql(
            """
            CREATE SEQUENCE public.turns;
            """)
        try scene.sql(
            """
            CREATE FUNCTION public.lose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF nextval('public.turns') % 4 = 1 THEN RAISE EXCEPTION 'lost' USING ERRCODE = '40001'; END IF;
                IF nextval('public.turns') % 4 = 3 THEN RAISE EXCEPTION 'locked' USING ERRCODE = '40P01'; END IF;
                RETURN NEW; END $$
            """)
        try scene.sql("CREATE TRIGGER lose BEFORE INSERT ON charter.revision FOR EACH ROW EXECUTE FUNCTION public.lose()")
        for n in 2...6 {
            let tip = try scene.commit(n)
            try eventually(within: .seconds(15), "state \(n): \(watch.errors)") { try scene.applied == tip }
        }
        #expect(Int(try scene.sql("SELECT last_value FROM public.turns")[0]) ?? 0 > 6)
        #expect(!watch.errors.contains(" retrying "), "\(watch.errors)")
        #expect(try scene.revision == 6)
        try expectNothing(scene.whatIsWrong())
        try end(watch)
    }
}
