import Foundation
import Store
import TestKit
import Testing

/// The password by which the reconciler came in is another one from now on.
struct PasswordRotationTests {
    private static let secret = "rotated-away-4711"

    @Test func `F25 a rotated password is told once, asked for again with pauses that grow, and nothing is lost`() throws {
        let server = try ControlledPostgres()
        let admin = try Connection(server.url(of: "postgres"))
        try admin.administer("CREATE ROLE keeper SUPERUSER LOGIN PASSWORD '\(Self.secret)'")
        let rules = server.folder + "/data/pg_hba.conf"
        try ("host all keeper 127.0.0.1/32 scram-sha-256\n" + String(contentsOfFile: rules, encoding: .utf8)).write(toFile: rules, atomically: false, encoding: .utf8)
        try admin.administer("SELECT pg_reload_conf()")
        let scene = try FaultScene(database: server.url())
        let watch = try scene.start("watch", "--lease", "1s", by: "postgresql://keeper:\(Self.secret)@127.0.0.1:\(server.port)/charter")
        try eventually(within: .seconds(20), "the first state: \(watch.errors)") { try scene.applied == scene.tip }

        try admin.administer("ALTER ROLE keeper PASSWORD 'another-0815'")
        for pid in try server.backends(of: "charter", role: "keeper") { kill(pid, 15) }
        let tip = try scene.commit(2)
        let refused = { server.log.components(separatedBy: "password authentication failed for user \"keeper\"").count - 1 }
        try eventually(within: .seconds(20), "the trouble is told: \(watch.errors)") {
            watch.errors.contains("retrying") && watch.errors.contains("password authentication failed")
        }
        let (tries, work) = (refused(), try watch.processorTime())
        usleep(4_000_000)
        // Two of its threads connect, each twice a second at first and every few seconds later.
        #expect(refused() - tries <= 40, "\(refused() - tries) attempts in 4 s")
        #expect(try watch.processorTime() - work < .seconds(1), "it must not spin")
        #expect(watch.errors.split(separator: "\n").count { $0.contains(" retrying ") } <= 4, "\(watch.errors)")
        #expect(!watch.errors.contains(Self.secret), "\(watch.errors)")

        try admin.administer("ALTER ROLE keeper PASSWORD '\(Self.secret)'")
        try eventually(within: .seconds(30), "it goes on: \(watch.errors)") { try scene.applied == tip }
        try eventually(within: .seconds(10), "it says so") { watch.errors.contains(" recovered") }
        try expectNothing(scene.whatIsWrong())
        watch.kill(15)
        #expect(watch.wait(within: .seconds(15)) == 0, "\(watch.errors)")
    }
}

extension ControlledPostgres {
    fileprivate func backends(of database: String, role: String) throws -> [Int32] {
        let sessions = try Connection(url(of: "postgres")).transaction { transaction in
            try transaction.query("SELECT pid FROM pg_stat_activity WHERE datname = $1 AND usename = $2", [.text(database), .text(role)]).map { try $0.integer(0) }
        }
        return sessions.map { Int32($0) }
    }
}

extension Subprocess {
    /// What it has used of all processors together (proc(5), the 14th and 15th field).
    func processorTime() throws -> Duration {
        let status = try String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
        let fields = (status.split(separator: ")").last ?? "").split(separator: " ")
        let ticks = fields.dropFirst(11).prefix(2).compactMap { Int64($0) }.reduce(0, +)
        return .milliseconds(ticks * 1000 / Int64(sysconf(Int32(_SC_CLK_TCK))))
    }
}
