import Foundation
import TestKit
import Testing

@testable import Reconciler

/// A real `charter watch` that listens, over a repository that is read as a remote.
final class ListeningWatch {
    let scene: Scene
    let watch: Subprocess
    let port: UInt16

    static let secret = "It's a Secret to Everybody"
    /// Where the secrets lie.
    let folder: String

    /// `hooks` are lines of `webhooks`, in which SECRET stands for the file of the secret.
    init(_ hooks: String = "", words: [String] = [], isRemote: Bool = true) throws {
        var files = Declared.platform
        let scene = try Scene([:])
        let folder = scene.repository.root.path
        try (Self.secret + "\n").write(toFile: folder + "/secret", atomically: true, encoding: .utf8)
        let webhooks = hooks.isEmpty ? "" : "  webhooks:\n\(hooks.replacingOccurrences(of: "SECRET", with: folder + "/secret"))\n"
        files["charter.yaml"] = "apiVersion: charter/v1\nkind: Repository\nmetadata: { name: test }\nspec:\n  drift: report\n\(webhooks)"
        try scene.repository.commit(files.mapValues { $0 })
        let repository = isRemote ? ["--repo", "file://\(scene.repository.path)", "--poll", "1h"] : []
        let watch = try Subprocess(
            [Programs.charter, "watch", "--json", "--listen", "127.0.0.1:0"] + repository + words,
            environment: [
                "CHARTER_REPOSITORY": scene.repository.path, "CHARTER_DATABASE_URL": scene.database, "CHARTER_STATE": folder + "/state",
                "HOOK_TOKEN": Self.secret, "SWIFT_BACKTRACE": "enable=no",
            ])
        (self.scene, self.watch, self.folder) = (scene, watch, folder)
        port = try Self.port(of: watch)
        try eventually(within: .seconds(30), "the first revision: \(watch.errors)") { try self.revision() == 1 }
    }

    /// Where a watcher with `--json` and port 0 listens.
    static func port(of watch: Subprocess) throws -> UInt16 {
        try eventually(within: .seconds(20), "the first line") { watch.errors.contains(#""event":"watching""#) }
        let text = try #require(watch.errors.firstMatch(of: /"listen":"[0-9.]+:([0-9]+)"/)?.1)
        return try #require(UInt16(text))
    }

    func revision() throws -> Int { try Int(scene.sql("SELECT coalesce(max(id), 0) FROM charter.revision")[0]) ?? -1 }

    @discardableResult
    func commitBudget(_ amount: Int) throws -> String {
        try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "\(amount) USD/month")])
    }

    func get(_ path: String, headers: [String: String] = [:]) throws -> WebCall.Answer { try WebCall.send("GET", path, to: port, headers: headers) }

    /// As the host signs and sends it; waits until the hooks of the applied rules are served.
    func push(_ host: String, path: String, body: String = #"{"ref":"refs/heads/main"}"#, event: String? = nil) throws -> WebCall.Answer {
        try WebCall.send("POST", path, to: port, headers: Self.headers(host, body: body, event: event), body: body)
    }

    static func headers(_ host: String, body: String, event: String? = nil, secret: String = ListeningWatch.secret) throws -> [String: String] {
        // By another implementation's command line than ours.
        let signed = try Subprocess.run(["openssl", "dgst", "-sha256", "-hmac", secret, "-r"], input: body).output
        let code = signed.prefix { $0 != " " }
        return switch host {
        case "github": ["X-Hub-Signature-256": "sha256=\(code)", "X-GitHub-Event": event ?? "push", "Content-Type": "application/json"]
        case "gitea": ["X-Gitea-Signature": String(code), "X-Gitea-Event": event ?? "push"]
        case "gitlab": ["X-Gitlab-Token": secret, "X-Gitlab-Event": event ?? "Push Hook"]
        default: ["X-Charter-Signature": "sha256=\(code)"]
        }
    }

    /// The rules are served a moment after they are applied.
    func awaitHook(_ path: String) throws {
        try eventually(within: .seconds(20), "the hook \(path)") { try WebCall.send("GET", path, to: port).status == 405 }
    }
}
