import Foundation
import Reconciler
import Store
import TestKit
import Testing

/// What Git hosts are told of commits, by the real `charter watch`.
struct CommitStatusTests {
    private func scene(_ receiver: EventReceiver, to host: String = "github") throws -> Scene {
        try Scene(
            Declared.platform.merging([
                "charter.yaml": """
                apiVersion: charter/v1
                kind: Repository
                metadata: { name: test }
                spec:
                  statuses:
                    - to: \(host)
                      repository: acme/rules
                      api: "http://127.0.0.1:\(receiver.port)/api"
                      privateNetwork: true
                      token: { env: STATUS_TOKEN }
                      link: "https://charter.acme.example/status"

                """
            ]) { $1 })
    }

    private func states(_ receiver: EventReceiver) throws -> [String] {
        try receiver.requests.map { request in
            let commit = request.path.split(separator: "/").last.map { $0.prefix(7) } ?? ""
            return try "\(commit) \(request.json()["state"] as? String ?? "")"
        }
    }

    @Test func `says of each commit that it is looked at, and then what became of it`() throws {
        let receiver = try EventReceiver()
        let scene = try scene(receiver)
        let first = try scene.repository.git("rev-parse", "HEAD").prefix(7)
        let watch = try scene.start("watch", environment: ["STATUS_TOKEN": "tok-1"])
        try eventually(within: .seconds(20), "the first") { try states(receiver) == ["\(first) success"] }
        let bad = try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "7 dollars")]).prefix(7)
        try eventually(within: .seconds(20), "its failure") { try states(receiver).last == "\(bad) failure" }
        let failure = try #require(receiver.requests.last)
        #expect(failure.path.hasPrefix("/api/repos/acme/rules/statuses/"))
        #expect(failure.headers["authorization"] == "Bearer tok-1")
        #expect(failure.headers["accept"] == "application/vnd.github+json")
        #expect(try failure.json()["context"] as? String == "charter/default")
        #expect(try failure.json()["target_url"] as? String == "https://charter.acme.example/status")
        #expect(try (failure.json()["description"] as? String)?.hasPrefix("1 mistake, nothing applied; orgs/acme/budgets/team.yaml:6:9: ") == true)
        let good = try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "7 USD/month")]).prefix(7)
        try eventually(within: .seconds(20), "its success") { try states(receiver).last == "\(good) success" }
        try scene.repository.git("rm", "-rq", "orgs", "charter.yaml")
        try scene.repository.commit([
            "roles.yaml": "apiVersion: charter/v1\nkind: Role\nmetadata: { name: r }\nspec: { permissions: [usage.read] }\n"
        ])
        try eventually(within: .seconds(20), "it waits") {
            try (receiver.requests.last?.json()["description"] as? String)?.hasPrefix("waits for somebody's word [G1002") == true
        }
        #expect(try receiver.requests.last?.json()["state"] as? String == "pending")
        for commit in [bad, good] {
            let own = try states(receiver).filter { $0.hasPrefix(commit) }
            #expect(own.dropLast().allSatisfy { $0 == "\(commit) pending" }, "\(own)")
        }
        watch.kill(15)
        #expect(watch.wait(within: .seconds(10)) == 0)
    }

    @Test func `a status that was overtaken is not sent after what overtook it`() throws {
        let receiver = try EventReceiver(.init(status: 503), .fine)
        let scene = try scene(receiver, to: "gitea")
        try scene.apply()
        let commit = try scene.repository.git("rev-parse", "HEAD").trimmingCharacters(in: .whitespacesAndNewlines)
        // As a reconciler writes them.
        let connection = try Connection(scene.database)
        try connection.transaction { transaction in
            try transaction.query("DELETE FROM charter.event")
            try Outbox.note(transaction, EventOccurrence(topic: "seen", subject: "default", value: commit))
            try Outbox.append(
                transaction, EventDraft(type: "commit.seen", unit: "default", data: #"{"unit":"default","commit":"\#(commit)"}"#))
        }
        let watch = try scene.start("watch", environment: ["STATUS_TOKEN": "tok-1"])
        try eventually(within: .seconds(20), "the first attempt") {
            try scene.sql("SELECT last_status FROM charter.delivery") == ["503"]
        }
        try connection.transaction { transaction in
            try Outbox.append(
                transaction,
                EventDraft(
                    type: "revision.applied", unit: "default", revision: 1,
                    data: #"{"unit":"default","commit":"\#(commit)","act":"apply","revision":1}"#))
        }
        try eventually(within: .seconds(30), "the second") { try states(receiver).last == "\(commit.prefix(7)) success" }
        try eventually(within: .seconds(20), "it is recorded") {
            try scene.sql("SELECT state FROM charter.delivery ORDER BY id") == ["superseded", "delivered"]
        }
        #expect(receiver.requests.count == 2)
        #expect(receiver.requests[0].headers["authorization"] == "token tok-1")
        let outcome = try scene.charter("events", "redeliver", scene.sql("SELECT min(event) FROM charter.delivery")[0])
        #expect(outcome.code == 1)
        #expect(outcome.errors.contains("a later status of that commit has taken the place"))
        watch.kill(15)
        #expect(watch.wait(within: .seconds(10)) == 0)
    }

    @Test func `GitLab's refusal to be told the same again is no failure`() throws {
        let receiver = try EventReceiver(
            .init(status: 400, body: #"{"message":"Cannot transition status via :run from :running"}"#))
        let scene = try scene(receiver, to: "gitlab")
        let watch = try scene.start("watch", environment: ["STATUS_TOKEN": "tok-1"])
        try eventually(within: .seconds(20), "the delivery") {
            try scene.sql("SELECT state || ' ' || last_status FROM charter.delivery") == ["delivered 400"]
        }
        let request = try #require(receiver.requests.last)
        #expect(request.path.hasPrefix("/api/projects/acme%2Frules/statuses/"))
        #expect(request.headers["private-token"] == "tok-1")
        #expect(request.headers["authorization"] == nil)
        #expect(try request.json()["name"] as? String == "charter/default")
        watch.kill(15)
        #expect(watch.wait(within: .seconds(10)) == 0)
    }

    @Test func `plan prints a status and a comment for a job to post`() throws {
        let scene = try Scene()
        let created = try scene.charter("plan", "--format", "github-status", "--link", "https://ci.example/1")
        #expect(created.code == 0)
        #expect(
            created.output
                == #"{"state":"success","context":"charter/default","description":"6 to create, 0 to update, 0 to rename, 0 to delete, 0 drifted","target_url":"https://ci.example/1"}"#
                + "\n")
        try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "7 dollars")])
        let rejected = try scene.charter("plan", "--format", "gitlab-status", "--unit", "eu")
        #expect(rejected.code == 1)
        #expect(rejected.output.hasPrefix(#"{"state":"failed","name":"charter/eu","description":"1 mistake, nothing applied; orgs/acme/budgets/team.yaml:6:9: "#))
        let comment = try scene.charter("plan", "--format", "comment", "--unit", "eu")
        #expect(comment.output.hasPrefix(#"{"body":"<!-- charter plan eu -->\n### Charter plan: rejected"#))
    }
}
