import Foundation
import TestKit
import Testing

@testable import Reconciler

/// Calls of Git hosts to a real `charter watch`, whose next poll is an hour away.
struct PushCallTests {
    private static let hooks = """
            - { from: github, path: /hooks/github, secret: { file: SECRET } }
            - { from: gitlab, path: /hooks/gitlab, secret: { env: HOOK_TOKEN } }
            - { from: gitea, path: /hooks/gitea, secret: { file: SECRET } }
            - { from: generic, path: /hooks/generic, secret: { file: SECRET } }
        """

    private static let hosts = ["github", "gitlab", "gitea", "generic"]

    @Test func `a push told by any host is applied at once`() throws {
        let it = try ListeningWatch(Self.hooks)
        try it.awaitHook("/hooks/generic")
        for (index, host) in (Self.hosts + Self.hosts).enumerated() {
            let id = try it.commitBudget(index + 1)
            let answer = try it.push(host, path: "/hooks/\(host)")
            #expect(answer.status == 202 && answer.body.contains("accepted"), "\(host): \(answer)")
            try eventually(within: .seconds(10), "\(host): \(it.watch.errors)") { try it.revision() == index + 2 }
            #expect(try it.scene.sql("SELECT commit FROM charter.revision ORDER BY id DESC LIMIT 1") == [id])
        }
        // How long each takes is measured by `make bench-reconcile`; here, that one call is one look, and nothing else woke the loop.
        #expect(it.watch.errors.components(separatedBy: #""event":"hinted""#).count - 1 == Self.hosts.count * 2)
        #expect(it.watch.errors.components(separatedBy: #""event":"applied""#).count - 1 == Self.hosts.count * 2 + 1)
    }

    @Test func `what is not signed as its path asks changes nothing and wakes nobody`() throws {
        let it = try ListeningWatch(Self.hooks)
        try it.awaitHook("/hooks/github")
        try it.commitBudget(1)
        let body = #"{"ref":"refs/heads/main"}"#
        for host in Self.hosts {
            let wrong = try ListeningWatch.headers(host, body: body, secret: "guessed")
            #expect(try WebCall.send("POST", "/hooks/\(host)", to: it.port, headers: wrong, body: body).status == 401)
            #expect(try WebCall.send("POST", "/hooks/\(host)", to: it.port, body: body).status == 401)
            guard host != "gitlab" else { continue }
            let other = try ListeningWatch.headers(host, body: body)
            #expect(try WebCall.send("POST", "/hooks/\(host)", to: it.port, headers: other, body: body + " ").status == 401)
        }
        #expect(try WebCall.send("POST", "/hooks/none", to: it.port, body: body).status == 404)
        #expect(try WebCall.send("PUT", "/hooks/github", to: it.port, body: body).status == 405)
        #expect(try it.push("github", path: "/hooks/github", event: "ping").status == 200)
        let large = try WebCall(port: it.port)
        let signed = try ListeningWatch.headers("github", body: body).map { "\($0): \($1)\r\n" }.joined()
        try large.send("POST /hooks/github HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\(signed)Content-Length: \(PushHint.bodyBytesMax + 1)\r\n\r\n")
        #expect(try large.answer().status == 413)
        #expect(try it.revision() == 1 && !it.watch.errors.contains(#""event":"hinted""#))
        let metrics = try PrometheusReader(it.get("/metrics").body)
        #expect(metrics.value("charter_reconciler_push_calls_total", ["outcome": "refused"]) == 12)
        #expect(metrics.value("charter_reconciler_push_calls_total", ["outcome": "ignored"]) == 1)
        #expect(try it.push("github", path: "/hooks/github").status == 202)
        try eventually(within: .seconds(10), "a good call after all of them") { try it.revision() == 2 }
    }

    @Test func `a call sent again is another hint and nothing more`() throws {
        let it = try ListeningWatch(Self.hooks)
        try it.awaitHook("/hooks/github")
        try it.commitBudget(1)
        for _ in 1...5 { #expect(try it.push("github", path: "/hooks/github").status == 202) }
        try eventually(within: .seconds(10), "the revision") { try it.revision() == 2 }
        #expect(try it.push("github", path: "/hooks/github").status == 202)
        try eventually(within: .seconds(10), "it was looked at") { it.watch.errors.contains(#""event":"unchanged""#) || it.watch.errors.components(separatedBy: "hinted").count > 2 }
        #expect(try it.revision() == 2)
    }

    @Test func `a flood makes few fetches, is told to slow down, and keeps nobody from looking`() throws {
        let it = try ListeningWatch(Self.hooks)
        try it.awaitHook("/hooks/github")
        let body = #"{"ref":"refs/heads/main"}"#
        let headers = try ListeningWatch.headers("github", body: body)
        let port = it.port
        let before = try fetches(it)
        let clock = ContinuousClock.now
        let statuses = try inParallel(8) { _ in
            try (1...50).map { _ in try WebCall.send("POST", "/hooks/github", to: port, headers: headers, body: body).status }
        }.flatMap { $0 }
        #expect(Set(statuses) == [202, 429], "\(Set(statuses))")
        #expect(try it.get("/healthz").status == 200)
        try it.commitBudget(9)
        try eventually(within: .seconds(30), "a push after the flood") {
            _ = try WebCall.send("POST", "/hooks/github", to: port, headers: headers, body: body)
            return try it.revision() == 2
        }
        let looks = Int(clock.duration(to: .now) / HintPace.pauseMin) + 2
        #expect(try fetches(it) - before <= looks)
    }

    private func fetches(_ it: ListeningWatch) throws -> Int {
        Int(try PrometheusReader(it.get("/metrics").body).value("charter_reconciler_fetch_duration_seconds_count", [:]) ?? -1)
    }

    @Test func `a body that comes too slowly is given up, and others are served meanwhile`() throws {
        let it = try ListeningWatch(Self.hooks)
        try it.awaitHook("/hooks/github")
        let body = #"{"ref":"refs/heads/main"}"#
        let signed = try ListeningWatch.headers("github", body: body).map { "\($0): \($1)\r\n" }.joined()
        let slow = try WebCall(port: it.port)
        try slow.send("POST /hooks/github HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\(signed)Content-Length: \(body.utf8.count)\r\n\r\n{")
        try it.commitBudget(1)
        #expect(try it.push("github", path: "/hooks/github").status == 202)
        try eventually(within: .seconds(10), "the revision") { try it.revision() == 2 }
        #expect(try slow.answer().status == 408)
    }

    @Test func `bodies without end hold nobody up: few are read at a time, a newer one takes the place of an older, and none lasts long`() throws {
        let it = try ListeningWatch(Self.hooks)
        try it.awaitHook("/hooks/github")
        let body = #"{"ref":"refs/heads/main"}"#
        let signed = try ListeningWatch.headers("github", body: body).map { "\($0): \($1)\r\n" }.joined()
        let clock = ContinuousClock.now
        let slow = try (0..<CallBodies.countMax).map { _ in
            let call = try WebCall(port: it.port)
            try call.send("POST /hooks/github HTTP/1.1\r\nHost: x\r\n\(signed)Content-Length: 1000000\r\n\r\n{")
            return call
        }
        try eventually(within: .seconds(20), "one is given up for a good one") {
            // As fast as none of them is taken for too slow.
            for call in slow.dropFirst() { try call.send(String(repeating: " ", count: 1_000)) }
            return try it.push("github", path: "/hooks/github").status == 202
        }
        #expect(try slow[0].answer().status == 408)
        #expect(clock.duration(to: .now) < CallBodies.timeout, "it was not the deadline")
        for path in ["/healthz", "/readyz", "/metrics", "/status"] { #expect(try it.get(path).status == 200) }
        // None is slow by its bytes in five seconds, and all end at the deadline.
        while clock.duration(to: .now) < CallBodies.timeout - .seconds(1) {
            for call in slow.dropFirst() { try? call.send(String(repeating: " ", count: 1_000)) }
            Thread.sleep(forTimeInterval: 0.5)
        }
        for call in slow.dropFirst() { #expect(try call.answer().status == 408) }
        #expect(clock.duration(to: .now) < CallBodies.timeout + .seconds(20))
    }

    @Test func `a changed secret counts from then on, and one that cannot be read is told once`() throws {
        let it = try ListeningWatch(Self.hooks)
        try it.awaitHook("/hooks/github")
        let body = "{}"
        let new = try ListeningWatch.headers("github", body: body, secret: "rotated")
        func call(_ headers: [String: String]) throws -> Int {
            // Not so often that it is told to slow down.
            Thread.sleep(forTimeInterval: 0.25)
            return try WebCall.send("POST", "/hooks/github", to: it.port, headers: headers, body: body).status
        }
        #expect(try call(new) == 401)
        try "rotated".write(toFile: it.folder + "/secret", atomically: true, encoding: .utf8)
        try eventually(within: .seconds(20), "the new secret") { try call(new) == 202 }
        #expect(try call(ListeningWatch.headers("github", body: body)) == 401)
        try FileManager.default.removeItem(atPath: it.folder + "/secret")
        try eventually(within: .seconds(20), "no secret") { try call(new) == 503 }
        #expect(it.watch.errors.split(separator: "\n").count { $0.contains(#""event":"hook_unusable""#) && $0.contains("/hooks/github") } == 1)
        #expect(try it.push("gitlab", path: "/hooks/gitlab").status == 202, "the other hooks go on")
    }

    @Test func `the hooks are those of what is applied, and not of what a commit asks for`() throws {
        let it = try ListeningWatch(Self.hooks)
        try it.awaitHook("/hooks/github")
        let rules = try String(contentsOf: it.scene.repository.workTree.appending(path: "charter.yaml"), encoding: .utf8)
        let changed = rules.replacing("/hooks/gitea", with: "/hooks/other")
        try it.scene.repository.commit(["charter.yaml": changed, "orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "7 dollars")])
        #expect(try it.push("github", path: "/hooks/github").status == 202)
        try eventually(within: .seconds(20), "the rejection") { it.watch.errors.contains(#""event":"rejected""#) }
        #expect(try it.push("gitea", path: "/hooks/other").status == 404)
        #expect(try it.push("gitea", path: "/hooks/gitea").status == 202)
        try it.commitBudget(7)
        #expect(try it.push("github", path: "/hooks/github").status == 202)
        try it.awaitHook("/hooks/other")
        #expect(try it.push("gitea", path: "/hooks/gitea").status == 404)
    }
}
