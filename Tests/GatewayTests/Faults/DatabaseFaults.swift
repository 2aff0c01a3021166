import Glibc
import Store
import TestKit
import Testing

extension GatewayFaults {
    /// PostgreSQL's sessions cut, its answers swallowed, itself frozen, out of reach and killed, under load: nobody is refused, and the ledger
    /// is what the providers wrote down.
    @Suite(.serialized) struct DatabaseFaults {
        private func expectServed(_ outcome: MixedLoad.Outcome, sourceLocation: Testing.SourceLocation = #_sourceLocation) {
            #expect(Set(outcome.statuses.keys) == [200], "\(outcome.statuses)", sourceLocation: sourceLocation)
        }

        @Test func `F3 a session of PostgreSQL ended every 200 ms under load costs no answer and no row`() throws {
            let scene = try GatewayScene()
            let load = try scene.load()
            let hand = try Connection(scene.platform.database)
            let end = ContinuousClock.now + TestLength.of(.seconds(5), long: .seconds(120))
            var ended: Int64 = 0
            while ContinuousClock.now < end {
                ended += try hand.transaction { transaction in
                    try transaction.query(
                        """
                        SELECT count(pg_terminate_backend(pid)) FROM (SELECT pid FROM pg_stat_activity
                        WHERE datname = current_database() AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1) AS one
                        """)[0].integer(0)
                }
                usleep(200_000)
            }
            #expect(ended > 3)
            let outcome = try load.finish()
            expectServed(outcome)
            try scene.expectExact(after: outcome)
        }

        @Test(arguments: TestLength.of(
            [FaultyProxy.Mode.cutAfterCommit, .cutBeforeCommit], long: [.cutAfterCommit, .cutBeforeCommit, .muteAfterCommit, .muteBeforeCommit]))
        func `F4 a COMMIT whose answer is lost, or that never arrives, books its rows once`(mode: FaultyProxy.Mode) throws {
            let server = try ControlledPostgres()
            let proxy = try FaultyProxy(to: server.port)
            let scene = try GatewayScene(database: server.url(), by: server.url(at: proxy.port))
            let load = try scene.load()
            try proxy.fail(mode)
            let isMute = mode == .muteAfterCommit || mode == .muteBeforeCommit
            try eventually(within: .seconds(60), "something was cut: \(scene.gateway.process.errors)") { proxy.cuts >= (isMute ? 1 : 3) }
            try scene.awaitServed(TestLength.of(50, long: 2_000), by: load)
            try proxy.fail(.pass)
            try scene.awaitServed(20, by: load)
            let outcome = try load.finish()
            expectServed(outcome)
            // A session that hears nothing is given up after half a minute and some.
            try scene.expectExact(after: outcome, within: .seconds(isMute ? 150 : 60))
        }

        @Test func `F5 with PostgreSQL frozen and then out of reach cached keys are served as before, and all is booked when it is back`() throws {
            let server = try ControlledPostgres()
            defer { server.thaw() }
            let proxy = try FaultyProxy(to: server.port)
            let scene = try GatewayScene(database: server.url(), by: server.url(at: proxy.port))
            let load = try scene.load()
            let pause = TestLength.of(UInt32(3), long: 30)
            func served() -> MixedLoad.Outcome {
                _ = load.take()
                for _ in 0..<pause * 10 { usleep(100_000) }
                return load.take()
            }
            let before = served()
            server.freeze()
            let frozen = served()
            server.thaw()
            try proxy.fail(.blackhole)
            let cutOff = served()
            try proxy.fail(.pass)
            for outcome in [before, frozen, cutOff] {
                expectServed(outcome)
                // What would wait for PostgreSQL waits for as long as it is away.
                let bound = before.latency(quantile: 0.99) * 3 / 2 + 500_000
                #expect(outcome.latency(quantile: 0.99) <= bound, "\(outcome.latency(quantile: 0.99)) µs, and \(before.latency(quantile: 0.99)) before")
                #expect(outcome.count > before.count / 4)
            }
            try scene.awaitServed(20, by: load)
            try scene.expectExact(after: load.finish(), within: .seconds(120))
        }

        @Test func `F6 PostgreSQL killed again and again under load loses no row that was acknowledged`() throws {
            let server = try ControlledPostgres()
            let scene = try GatewayScene(database: server.url())
            let load = try scene.load()
            for _ in 0..<TestLength.of(3, long: 20) {
                try scene.awaitServed(TestLength.of(40, long: 400), by: load)
                try server.stop(.immediate)
                try scene.awaitServed(10, by: load)
                try server.start()
            }
            let outcome = try load.finish()
            expectServed(outcome)
            try scene.expectExact(after: outcome)
        }
    }
}
