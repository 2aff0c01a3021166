import HTTP
import Store
import Synchronization
import TestKit
import Testing

@testable import Services

/// The admin API's listener beside callers who take all they can get.
struct AdminCrowdTests {
    private let scene: AdminScene
    private let folder: TemporaryDirectory
    private let log = LogLines()

    init() throws {
        scene = try AdminScene()
        folder = try TemporaryDirectory()
    }

    private var socket: String { folder.path + "/admin" }

    private func listener(_ change: (inout AdminSettings) -> Void = { _ in }) throws -> AdminListener {
        var settings = AdminSettings(database: scene.database)
        settings.listen = "127.0.0.1:0"
        settings.socket = socket
        change(&settings)
        return try AdminListener(settings) { [log] in log.add($0) }
    }

    private static func get(_ path: String, as secret: String? = nil, more: String = "") -> String {
        let key = secret.map { "Authorization: Bearer \($0)\r\n" } ?? ""
        return "GET \(path) HTTP/1.1\r\nHost: admin\r\nConnection: close\r\n\(key)\(more)\r\n"
    }

    private static let admin = AdminScene.secret("acme", "admin")

    /// A lock of PostgreSQL for which calls on minted keys wait until it is let go.
    private final class KeysLock: Sendable {
        private enum Stage { case asked, held, over }
        private let stage = Mutex(Stage.asked)
        private let holder = Mutex<Background<Void>?>(nil)

        init(_ database: String) throws {
            let work = Background { [self] in
                try Connection(database).transaction { transaction in
                    try transaction.query("LOCK TABLE charter.delegated_key IN ACCESS EXCLUSIVE MODE")
                    stage.withLock { $0 = .held }
                    try eventually(within: .seconds(55), "it is let go") { stage.withLock { $0 == .over } }
                }
            }
            holder.withLock { $0 = work }
            try eventually(within: .seconds(30), "the lock is held") { stage.withLock { $0 == .held } }
        }

        func letGo() throws {
            stage.withLock { $0 = .over }
            try holder.withLock { $0 }?.value()
        }
    }

    @Test func `an organization whose calls wait leaves room to others, and to the local socket`() throws {
        let served = try listener {
            ($0.workers, $0.waitingMax, $0.statementMax) = (2, 8, .seconds(300))
        }
        defer { served.stop() }
        let port = served.port
        // Both are known from here on.
        for org in AdminScene.orgs {
            #expect(try StreamCall.tcp(port).send(Self.get("/v1/admin/self", as: AdminScene.secret(org, "admin"))).hasPrefix("HTTP/1.1 200"))
        }
        let lock = try KeysLock(scene.database)
        let crowd = (0..<20).map { _ in
            Background { try StreamCall.tcp(port).send(Self.get("/v1/admin/orgs/acme/keys", as: Self.admin)) }
        }
        // One is carried out, four wait, and the others are refused while those wait.
        try eventually(within: .seconds(60), "the rest is refused") { log.all.count { $0.contains("status=503") } == 15 }
        let other = try StreamCall.tcp(port).send(Self.get("/v1/admin/self", as: AdminScene.secret("globex", "admin")))
        #expect(other.hasPrefix("HTTP/1.1 200"), "\(other)")
        let unknown = try StreamCall.tcp(port).send(Self.get("/v1/admin/self", as: "sk_test_unknown"))
        #expect(unknown.hasPrefix("HTTP/1.1 401"), "\(unknown)")
        #expect(try StreamCall.local(socket).send(Self.get("/v1/admin/self")).hasPrefix("HTTP/1.1 200"))
        try lock.letGo()
        let statuses = try crowd.map { String(try $0.value().prefix(12)) }
        // The newest of the line gave its place up to the other organization's.
        #expect(statuses.count { $0 == "HTTP/1.1 503" } == 16 && statuses.count { $0 == "HTTP/1.1 200" } == 4, "\(statuses)")
    }

    @Test func `what is refused of the local socket for want of room, or unread, is logged as local`() throws {
        let served = try listener { ($0.workers, $0.waitingMax, $0.statementMax) = (2, 1, .seconds(300)) }
        defer { served.stop() }
        let path = socket
        let lock = try KeysLock(scene.database)
        // Three are carried out, one of them by the worker that is kept for this machine, and one waits.
        let crowd = (0..<5).map { _ in Background { try StreamCall.local(path).send(Self.get("/v1/admin/orgs/acme/keys")) } }
        try eventually(within: .seconds(60), "the rest is refused") { log.all.contains { $0.contains("status=503") } }
        try lock.letGo()
        let statuses = try crowd.map { String(try $0.value().prefix(12)) }
        #expect(statuses.count { $0 == "HTTP/1.1 503" } == 1 && statuses.count { $0 == "HTTP/1.1 200" } == 4, "\(statuses)")
        let long = try StreamCall.local(path).send(Self.get("/v1/admin/self", more: "X: " + String(repeating: "x", count: 40_000) + "\r\n"))
        #expect(long.hasPrefix("HTTP/1.1 431"), "\(long)")
        for status in [503, 431] {
            #expect(log.all.contains { $0.contains("status=\(status)") && $0.contains("address=local") }, "\(log.all)")
        }
    }

    @Test func `connections over the network take none from the local socket`() throws {
        let served = try listener { $0.connectionsMax = 1 }
        defer { served.stop() }
        let held = try StreamCall.tcp(served.port)
        try eventually(within: .seconds(30), "there is no room") {
            try StreamCall.tcp(served.port).send(Self.get("/v1/admin/self", as: Self.admin)).hasPrefix("HTTP/1.1 503")
        }
        #expect(try StreamCall.local(socket).send(Self.get("/v1/admin/self")).hasPrefix("HTTP/1.1 200"))
        withExtendedLifetime(held) {}
    }

    @Test func `the end of the process does not wait for a lock of PostgreSQL, and says so to who waits`() throws {
        let served = try listener { ($0.drainTimeout, $0.statementMax) = (.seconds(12), .seconds(600)) }
        let lock = try KeysLock(scene.database)
        let port = served.port
        let call = Background { try StreamCall.tcp(port).send(Self.get("/v1/admin/orgs/acme/keys", as: Self.admin)) }
        let connection = try Connection(scene.database)
        try eventually(within: .seconds(60), "the call waits for the lock") {
            try connection.transaction { try $0.query("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()").count } == 1
        }
        try Background { served.stop() }.value(within: .seconds(120))
        #expect(try call.value().hasPrefix("HTTP/1.1 503"))
        try lock.letGo()
    }

    @Test func `heads without end, bodies that trickle and bodies that are too long are problems too, and stand in the log`() throws {
        let served = try listener {
            ($0.limits.bodyRatePeriod, $0.limits.bodyTimeout) = (.milliseconds(200), .milliseconds(400))
        }
        defer { served.stop() }
        let long = try StreamCall.tcp(served.port).send(Self.get("/v1/admin/self", more: "X: " + String(repeating: "x", count: 40_000) + "\r\n"))
        #expect(long.hasPrefix("HTTP/1.1 431") && long.contains("application/problem+json"), "\(long)")
        let slow = try StreamCall.tcp(served.port).send(
            "POST /v1/admin/orgs/acme/keys HTTP/1.1\r\nHost: admin\r\nAuthorization: Bearer \(Self.admin)\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{")
        #expect(slow.hasPrefix("HTTP/1.1 408") && slow.contains("application/problem+json"), "\(slow)")
        for status in [431, 408] {
            #expect(log.all.contains { $0.hasPrefix("call id=") && $0.contains("status=\(status)") }, "\(log.all)")
        }
    }

    @Test func `calls that are sent at once on one connection are answered in their order`() throws {
        let served = try listener()
        defer { served.stop() }
        let open = Self.get("/v1/admin/self", as: Self.admin).replacing("Connection: close\r\n", with: "")
        let answers = try StreamCall.tcp(served.port).send(open + open.replacing("self", with: "nothing") + Self.get("/v1/admin/self", as: Self.admin))
        #expect(answers.matches(of: /HTTP\/1\.1 (\d+)/).map { String($0.output.1) } == ["200", "404", "200"], "\(answers)")
    }

    @Test func `a line of the log tells who asked for what by which proof and from where, and ends of the audit follow acts`() throws {
        let served = try listener()
        defer { served.stop() }
        #expect(try StreamCall.tcp(served.port).send(Self.get("/v1/admin/orgs/acme/keys", as: Self.admin)).hasPrefix("HTTP/1.1 200"))
        _ = try StreamCall.tcp(served.port).send(Self.get("/v1/admin/self", as: "nobody's key"))
        let lines = log.all
        #expect(lines.contains {
            $0.contains("method=GET path=/v1/admin/orgs/acme/keys route=listKeys status=200 name=acme/admin proof=key:acme/APIKey/admin address=127.0.0.1 ms=")
        }, "\(lines)")
        #expect(lines.contains { $0.contains("route=- status=401 name=- proof=- address=127.0.0.1") && $0.contains("reason=\"no admin key") }, "\(lines)")
        let body = #"{"pool":"ci","member":"admin"}"#
        let minted = try StreamCall.local(socket).send(
            "POST /v1/admin/orgs/acme/keys HTTP/1.1\r\nHost: admin\r\nConnection: close\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        #expect(minted.hasPrefix("HTTP/1.1 201"), "\(minted)")
        try eventually(within: .seconds(30), "the head is logged") { log.all.contains { $0.hasPrefix("audit head sequence=") } }
        #expect(log.all.contains { $0.contains("route=mintKey status=201") && $0.contains("proof=socket:") && $0.contains("address=local") })
    }

    @Test func `figures are told to who may read the status, and to nobody else`() throws {
        let served = try listener()
        defer { served.stop() }
        _ = try StreamCall.tcp(served.port).send(Self.get("/v1/admin/self", as: Self.admin))
        #expect(try StreamCall.tcp(served.port).send(Self.get("/metrics", as: Self.admin)).hasPrefix("HTTP/1.1 403"))
        let figures = try StreamCall.tcp(served.port).send(Self.get("/metrics", as: AdminScene.secret("acme", "system-admin")))
        #expect(figures.hasPrefix("HTTP/1.1 200") && figures.contains("content-type: text/plain; version=0.0.4"), "\(figures)")
        #expect(figures.contains(#"charter_admin_calls_total{route="getSelf",status="200"} 1"#), "\(figures)")
        #expect(figures.contains("charter_admin_waiting 0") && figures.contains("charter_admin_call_seconds_count"), "\(figures)")
    }
}
