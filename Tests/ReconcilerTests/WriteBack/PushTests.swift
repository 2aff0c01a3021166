import Foundation
import Reconciler
import Store
import TestKit
import Testing

@testable import Services

/// What is committed for callers reaches a remote, once, whoever else pushes there.
@Suite struct PushTests {
    private func watch(
        _ it: WriteBackScene, _ words: [String] = [], at url: String? = nil, environment: [String: String] = [:]
    ) throws -> Subprocess {
        try Subprocess(
            [Programs.charter, "watch", "--repo", url ?? it.url, "--poll", "500ms", "--lease", "2s"] + words,
            environment: [
                "CHARTER_DATABASE_URL": it.scene.database, "CHARTER_STATE": it.scene.repository.root.appending(path: "state").path,
                "SWIFT_BACKTRACE": "enable=no",
            ].merging(environment) { $1 })
    }

    @Test func `a change is pushed to a URL and applied from there`() throws {
        let it = try WriteBackScene()
        let request = try it.until(it.ask("hard=5 USD/month"), .enforced, from: watch(it))
        #expect(try it.file() == WriteBackScene.teamText.replacing("100 USD/month", with: "5 USD/month"))
        #expect(try request.commit == it.tip)
        #expect(try it.scene.repository.git("for-each-ref", "--format=%(refname)") == "refs/heads/main")
    }

    @Test func `a proposal is pushed to a branch of its own`() throws {
        let it = try WriteBackScene(rules: "writeBack: { to: proposals, branchPrefix: ask/ }")
        let tip = try it.tip
        let request = try it.until(it.ask("hard=5 USD/month"), .proposed, from: watch(it))
        #expect(request.branch == "ask/\(request.uid)")
        #expect(try it.tip == tip && it.scene.repository.git("rev-parse", "ask/\(request.uid)") == request.commit)
    }

    @Test func `whoever pushes meanwhile is followed, and nothing of theirs is lost`() throws {
        let it = try WriteBackScene()
        let stopped = try watch(it, environment: [Failpoint.variable: "\(Failpoint.beforePush.rawValue)=stop"])
        let id = try it.ask("hard=5 USD/month")
        try eventually(within: .seconds(60), "it is about to push: \(stopped.errors)") { try it.state(of: id).isBegun }
        try it.scene.repository.commit(["orgs/acme/projects/search.yaml": Declared.project("search", "Theirs")])
        // It stops itself a moment after it has noted that it begins.
        try eventually(within: .seconds(60), "the change is applied: \(stopped.errors)") {
            stopped.kill(18)
            return try it.state(of: id).state == .enforced
        }
        #expect(try it.file().contains("hard: 5 USD/month"))
        #expect(try it.file("orgs/acme/projects/search.yaml").contains("Theirs"))
        #expect(try it.scene.repository.git("rev-list", "--count", "main") == "3")
    }

    @Test func `a remote that cannot be reached has the change wait, with its age in status`() throws {
        let it = try WriteBackScene()
        let away = it.scene.repository.root.appending(path: "away").path
        let running = try watch(it)
        try eventually(within: .seconds(60), "it looks: \(running.errors)") { running.errors.contains(" unchanged ") }
        try it.scene.repository.shell("mv '\(it.scene.repository.path)' '\(away)'")
        let id = try it.ask("hard=5 USD/month")
        try eventually(within: .seconds(60), "it waits: \(running.errors)") { try it.state(of: id).trouble != nil }
        let status = try it.scene.charter("status").output
        #expect(status.contains("1 change waits since"), "\(status)")
        try it.scene.repository.shell("mv '\(away)' '\(it.scene.repository.path)'")
        try it.until(id, .enforced, from: running)
        #expect(try !it.scene.charter("status").output.contains("waits since"))
    }

    @Test(.enabled(if: SSHServer.isInstalled, "no sshd: scripts/bootstrap installs openssh-server"))
    func `a hook of the remote that says no is what the caller is told`() throws {
        let it = try WriteBackScene()
        let hook = it.scene.repository.path + "/hooks/pre-receive"
        try it.scene.repository.shell("mkdir -p '\(it.scene.repository.path)/hooks' && printf '#!/bin/sh\\nexit 1\\n' > '\(hook)' && chmod +x '\(hook)'")
        let (host, key) = (try SigningKey(), try SigningKey())
        let server = try SSHServer(hostKey: host, key: key)
        let running = try watch(it, ["--ssh-key", key.path, "--host-key", host.fingerprint], at: server.address(of: it.scene.repository.path))
        #expect(try it.until(it.ask("hard=5 USD/month"), .refused, from: running).reason?.contains("the remote did not take it") == true)
    }

    @Test(arguments: [(401, "--git-password-file"), (403, "does the token have that right?")])
    func `a server that lets us read and not push has the change wait, with what to do`(status: Int, remedy: String) throws {
        let it = try WriteBackScene()
        let server = try TLSGitServer(root: it.scene.repository.root.path, .init(pushStatus: status))
        let tip = try it.tip
        let running = try watch(it, ["--git-ca-file", server.authority], at: server.address("repo.git"))
        let id = try it.ask("hard=5 USD/month")
        try eventually(within: .seconds(60), "it waits: \(running.errors)") { try it.state(of: id).trouble != nil }
        let request = try it.state(of: id)
        #expect(try request.state == .pending && request.trouble?.contains(remedy) == true && it.tip == tip, "\(request)")
    }

    /// Asks for what cannot be asked for twice, has the process die with it pushed, and answers the request.
    private func pushAndDie(_ it: WriteBackScene, _ words: [String] = [], at url: String, as caller: String = "acme/ada") throws -> String {
        let dying = try watch(it, words, at: url, environment: [Failpoint.variable: Failpoint.afterPush.rawValue])
        let id = try it.ask(ChangePatch([.add(document: Declared.project("lab", "Lab"), org: "acme", path: nil)]), as: caller)
        #expect(dying.wait(within: .seconds(60)) == -9, "\(dying.errors)")
        let there = try it.state(of: id)
        #expect(there.state == .pending && there.isBegun)
        return id
    }

    @Test func `what was pushed before its process was killed is found, and not made again`() throws {
        let it = try WriteBackScene()
        let id = try pushAndDie(it, at: it.url)
        let tip = try it.tip
        let request = try it.until(id, .enforced, .refused, from: watch(it))
        #expect(try request.state == .enforced && request.commit == tip && it.tip == tip, "\(request.reason ?? "")")
    }

    @Test(.enabled(if: SSHServer.isInstalled, "no sshd: scripts/bootstrap installs openssh-server"))
    func `what reviewers put on a proposal before it was noted stays there`() throws {
        let it = try WriteBackScene()
        let (host, key) = (try SigningKey(), try SigningKey())
        let server = try SSHServer(hostKey: host, key: key)
        let (url, words) = (server.address(of: it.scene.repository.path), ["--ssh-key", key.path, "--host-key", try host.fingerprint])
        let branch = "charter/\(try pushAndDie(it, words, at: url, as: "acme/bo"))"
        let theirs = try it.scene.repository.git("commit-tree", "-p", branch, "-m", "Mine too", "\(branch)^{tree}")
        try it.scene.repository.git("update-ref", "refs/heads/\(branch)", theirs)
        let running = try watch(it, words, at: url)
        let request = try it.until(String(branch.dropFirst("charter/".count)), .proposed, .refused, from: running)
        #expect(request.state == .proposed && request.commit == theirs, "\(request.reason ?? "")")
        #expect(try it.scene.repository.git("rev-parse", branch) == theirs)
        try it.scene.repository.git("update-ref", "refs/heads/main", theirs)
        try it.until(request.uid, .enforced, from: running)
    }

    @Test(.enabled(if: SSHServer.isInstalled, "no sshd: scripts/bootstrap installs openssh-server"))
    func `a change is pushed to a server, and a branch there is taken away when its proposal is withdrawn`() throws {
        let it = try WriteBackScene()
        let (host, key) = (try SigningKey(), try SigningKey())
        let server = try SSHServer(hostKey: host, key: key)
        let running = try watch(
            it, ["--ssh-key", key.path, "--host-key", host.fingerprint], at: server.address(of: it.scene.repository.path))
        try it.until(it.ask("hard=5 USD/month"), .enforced, from: running)
        #expect(try it.file().contains("hard: 5 USD/month   # with finance"))
        let proposed = try it.until(it.ask("hard=6 USD/month", as: "acme/bo"), .proposed, from: running)
        #expect(try it.scene.charter("changes", "withdraw", proposed.uid, "--reason", "not now").code == 0)
        try eventually(within: .seconds(60), "the branch is taken away: \(running.errors)") {
            try it.scene.repository.git("for-each-ref", "--format=%(refname)") == "refs/heads/main"
        }
    }
}
