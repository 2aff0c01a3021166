import Foundation
import Store
import TestKit
import Testing

@testable import Reconciler

/// What the watcher shows over HTTP.
struct ListenerTests {
    @Test func `a watcher tells that it lives, leads and is ready, and shows the same status as the command`() throws {
        let it = try ListeningWatch()
        #expect(try it.get("/healthz").status == 200)
        try eventually(within: .seconds(10), "it is ready") { try it.get("/readyz").status == 200 }
        #expect(try it.get("/readyz").body.contains(#""ready":true,"unit":"default","leads":true"#))
        try eventually(within: .seconds(10), "the same status") {
            let shown = try it.get("/status")
            let command = try it.scene.charter("status", "--json").output
            return shown.status == 200 && Self.still(shown.body) == Self.still(command)
        }
        it.watch.kill(15)
        #expect(it.watch.wait(within: .seconds(5)) == 0)
    }

    /// Without the times at which it was read, and what only one of the two was asked to compute.
    private static func still(_ json: String) -> String {
        json.trimmingCharacters(in: .newlines).replacing(/"(at|until)":"[^"]*"/, with: "").components(separatedBy: #","digests":"#)[0]
    }

    @Test func `PostgreSQL away makes it unready and keeps it alive, with the last status and its age`() throws {
        let it = try ListeningWatch()
        try eventually(within: .seconds(10), "it is ready") { try it.get("/readyz").status == 200 }
        let name = try it.scene.sql("SELECT current_database()")[0]
        let other = try Connection(DatabaseURL(it.scene.database).withDatabase("postgres"))
        func run(_ statement: String) throws { try other.transaction { _ = try $0.query(statement) } }
        try run("ALTER DATABASE \(name) ALLOW_CONNECTIONS false")
        try run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '\(name)'")
        defer { try? run("ALTER DATABASE \(name) ALLOW_CONNECTIONS true") }
        try eventually(within: .seconds(60), "it is unready") { try it.get("/readyz").status == 503 }
        #expect(try it.get("/readyz").body.contains("PostgreSQL has not answered for "))
        #expect(try it.get("/healthz").status == 200)
        #expect(try it.get("/status").status == 200)
        try run("ALTER DATABASE \(name) ALLOW_CONNECTIONS true")
        try eventually(within: .seconds(60), "it is ready again") { try it.get("/readyz").status == 200 }
    }

    @Test func `metrics are strictly well formed, documented, and say what was done`() throws {
        let it = try ListeningWatch()
        try it.scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "7 dollars")])
        // The poll is an hour away, so somebody has to wake it: the next start looks.
        it.watch.kill(15)
        #expect(it.watch.wait(within: .seconds(5)) == 0)
        let again = try it.scene.start("watch", "--listen", "127.0.0.1:0", "--json", "--drift-interval", "100ms")
        try eventually(within: .seconds(20), "the rejection") { again.errors.contains(#""event":"rejected""#) }
        let port = try ListeningWatch.port(of: again)
        var page = ""
        try eventually(within: .seconds(20), "the metrics: \(page)") {
            page = try WebCall.send("GET", "/metrics", to: port).body
            let found = try PrometheusReader(page)
            return found.value("charter_reconciler_condition", ["unit": "default", "condition": "Valid"]) == 0
                && found.value("charter_reconciler_drift_resources", ["unit": "default"]) == 0
        }
        let found = try PrometheusReader(page)
        #expect(found.value("charter_reconciler_rejected_total", ["unit": "default"]) == 1)
        #expect(found.value("charter_reconciler_leads", ["unit": "default"]) == 1)
        #expect(found.value("charter_reconciler_revision", ["unit": "default"]) == 1)
        #expect(found.value("charter_reconciler_validate_duration_seconds_count", [:]) == 1)
        #expect(found.value("charter_reconciler_condition", ["unit": "default", "condition": "Enforced"]) == -1)
        #expect(found.samples.count { $0.name == "charter_reconciler_condition" } == Condition.Name.allCases.count)
        // The Prometheus project's own reader too, where it is installed.
        if try Subprocess.run(["python3", "-c", "import prometheus_client.parser"]).code == 0 {
            let script = "import sys; from prometheus_client.parser import text_string_to_metric_families as f; print(len(list(f(sys.stdin.read()))))"
            let read = try Subprocess.run(["python3", "-c", script], input: page)
            #expect(read.code == 0 && Int(read.output.prefix { $0.isNumber }) == found.families.count, "\(read)")
        }
        let documented = try DocumentedConditionsTests().text
        for name in found.families.keys { #expect(documented.contains("| `\(name)` |"), "\(name)") }
        for name in documented.matches(of: /\n\| `(charter_reconciler_[a-z_]+)` \|/).map({ String($0.1) }) {
            #expect(found.families[name] != nil, "\(name) is documented and not there")
        }
    }

    @Test func `other paths, other methods and strange hosts get nothing`() throws {
        let it = try ListeningWatch()
        #expect(try it.get("/").status == 404)
        #expect(try it.get("/hooks/git").status == 404)
        let post = try WebCall.send("POST", "/healthz", to: it.port, body: "x")
        #expect(post.status == 405 && post.headers["allow"] == "GET, HEAD")
        for host in ["evil.example", "127.evil.example", "127.0.0.1.evil.example:80", "localhost.evil.example"] {
            #expect(try it.get("/status", headers: ["Host": host]).status == 403, "\(host)")
        }
        for host in ["127.0.0.1:9464", "localhost", "[::1]:9464", "127.9.9.9"] {
            #expect(try it.get("/status", headers: ["Host": host]).status == 200, "\(host)")
        }
        #expect(try it.get("/metrics", headers: ["Host": "metrics.internal"]).status == 200)
        #expect(try it.get("/status").headers["cache-control"] == "no-store")
        #expect(try WebCall.send("HEAD", "/healthz", to: it.port).status == 200)
    }

    @Test func `the status asks for the token where there is one, and for one where others can call`() throws {
        let it = try ListeningWatch(words: ["--listen-token-file", "/proc/self/nothing"])
        try eventually(within: .seconds(10), "it is ready") { try it.get("/readyz").status == 200 }
        #expect(try it.get("/status").status == 401, "a file that cannot be read lets nobody")
        #expect(try it.get("/status", headers: ["Authorization": "Bearer "]).status == 401)
        let file = it.folder + "/token"
        try "s3cret\n".write(toFile: file, atomically: true, encoding: .utf8)
        let open = try it.scene.start("watch", "--json", "--listen", ":0", "--listen-token-file", file)
        let port = try ListeningWatch.port(of: open)
        try eventually(within: .seconds(20), "with the token") {
            try WebCall.send("GET", "/status", to: port, headers: ["Authorization": "Bearer s3cret"]).status == 200
        }
        #expect(try WebCall.send("GET", "/status", to: port, headers: ["Authorization": "Bearer s3cre"]).status == 401)
        let bare = try it.scene.start("watch", "--json", "--listen", ":0")
        let other = try ListeningWatch.port(of: bare)
        #expect(try WebCall.send("GET", "/status", to: other).status == 403)
        #expect(try WebCall.send("GET", "/metrics", to: other).status == 200)
    }

    @Test func `what ails it is told to this machine and to who has the token, and to others only that something does`() throws {
        let it = try ListeningWatch()
        let file = it.folder + "/token"
        try "s3cret\n".write(toFile: file, atomically: true, encoding: .utf8)
        // Nothing listens there.
        let nowhere = "postgres://nobody:secret@127.0.0.1:9/nothing"
        let open = try it.scene.start("watch", "--json", "--listen", ":0", "--listen-token-file", file, environment: ["CHARTER_DATABASE_URL": nowhere])
        let near = try it.scene.start("watch", "--json", "--listen", "127.0.0.1:0", environment: ["CHARTER_DATABASE_URL": nowhere])
        let (port, nearPort) = (try ListeningWatch.port(of: open), try ListeningWatch.port(of: near))
        func faults(_ port: UInt16, _ headers: [String: String] = [:]) throws -> String {
            let answer = try WebCall.send("GET", "/readyz", to: port, headers: headers)
            #expect(answer.status == 503)
            return answer.body
        }
        try eventually(within: .seconds(20), "the reason, near") { try faults(nearPort).contains("PostgreSQL was not reached yet: ") }
        try eventually(within: .seconds(20), "the reason, with the token") {
            try faults(port, ["Authorization": "Bearer s3cret"]).contains("PostgreSQL was not reached yet: ")
        }
        for headers in [[:], ["Authorization": "Bearer wrong"]] {
            #expect(try faults(port, headers).contains(#""faults":["PostgreSQL was not reached yet"]"#))
        }
        #expect(try faults(nearPort, ["Host": "evil.example"]).contains(#""faults":["PostgreSQL was not reached yet"]"#))
    }

    @Test func `whoever holds connections that say nothing leaves room for others`() throws {
        let it = try ListeningWatch()
        let silent = try (0..<300).map { _ in try WebCall(port: it.port) }
        for path in ["/healthz", "/readyz", "/metrics"] { #expect(try WebCall.send("GET", path, to: it.port, from: 2).status == 200) }
        try eventually(within: .seconds(20), "their time is over") { (try? it.get("/healthz").status) == 200 }
        withExtendedLifetime(silent) {}
    }

    @Test func `an address that cannot be had ends it at the start`() throws {
        let it = try ListeningWatch()
        let taken = try it.scene.charter("watch", "--listen", "127.0.0.1:\(it.port)")
        #expect(taken.code == 1 && !taken.errors.isEmpty)
        #expect(try it.scene.charter("watch", "--listen", "example.com:80").code == 1)
    }

    @Test func `every line of the log has time, level, event and unit, and every event is documented`() throws {
        let it = try ListeningWatch()
        let lines = it.watch.errors.split(separator: "\n")
        #expect(!lines.isEmpty)
        for line in lines {
            let found = try #require(
                try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
            #expect(["time", "level", "event", "unit"].allSatisfy { found[$0] is String }, "\(line)")
            #expect(line.hasPrefix(#"{"time":"2"#))
        }
    }
}
