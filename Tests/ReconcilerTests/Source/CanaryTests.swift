import Foundation
import TestKit
import Testing

/// CVE-2022-24904, CVE-2022-31036, CVE-2022-24348 and CVE-2025-55190: what lies outside the repository, and what a secret is, is told nobody.
struct CanaryTests {
    private static let canary = "canary-5f1d7a2e9c"

    /// Where the canary is, written in every way that leads there from the repository.
    private static func ways(to path: String) -> [String] {
        let up = String(repeating: "../", count: 20) + path.dropFirst()
        return [path, up, "file://" + path, up.replacing("../", with: "%2e%2e%2f"), "orgs/" + up]
    }

    private static func document(_ kind: String, _ name: String, _ spec: String) -> String {
        "apiVersion: charter/v1\nkind: \(kind)\nmetadata: { name: \(name) }\nspec:\n\(spec)"
    }

    /// Fields that name a file whose text is a secret, which the reconciler and gateways read.
    private static func secrets(_ path: String) -> [String: String] {
        [
            "charter.yaml": document(
                "Repository", "test",
                """
                  statuses: [{ to: github, repository: a/b, api: "https://127.0.0.1:1", privateNetwork: true, token: { file: "\(path)" } }]
                  webhooks: [{ from: github, path: /hooks/a, secret: { file: "\(path)" } }]

                """),
            "providers/p.yaml": document("Provider", "p", "  type: openai\n  baseURL: https://api.example.com/v1\n  credential: { file: \"\(path)\" }\n"),
            "platform/hook.yaml": document(
                "Webhook", "w", "  url: \"https://127.0.0.1:1/x\"\n  privateNetwork: true\n  events: [revision.applied]\n  secret: { file: \"\(path)\" }\n"),
        ]
    }

    /// All fields that paths, patterns of them and addresses stand in, and a text for people.
    private static func paths(_ path: String) -> [String: String] {
        secrets(path).merging([
            "charter.yaml": document(
                "Repository", "test",
                """
                  webhooks: [{ from: github, path: "\(path)", secret: { file: "\(path)" } }]
                  owners: [{ paths: ["\(path)"], by: [acme/ada] }]
                  writeBack: { to: proposals, paths: ["\(path)"] }
                  statuses: [{ to: github, repository: "\(path)", api: "\(path)", token: { file: "\(path)" }, link: "\(path)" }]

                """),
            "orgs/acme/hook.yaml": document("Webhook", "x", "  url: https://api.example.com/x\n  events: [revision.applied]\n  secret: { file: \"\(path)\" }\n"),
            "providers/q.yaml": document("Provider", "q", "  type: openai\n  baseURL: \"\(path)\"\n  health: { path: \"\(path)\" }\n"),
            "orgs/acme/projects/more.yaml": document("Project", "more", "  displayName: \"\(path)\"\n"),
        ]) { $1 }
    }

    private func outside() throws -> (folder: TemporaryDirectory, path: String) {
        let folder = try TemporaryDirectory()
        return (folder, try folder.write(Self.canary + "\nand a second line\n", to: "canary.yaml"))
    }

    /// All that the programs say of the tip.
    private func words(_ scene: Scene) throws -> String {
        let watch = try scene.start("watch", "--lease", "1s", "--listen", "127.0.0.1:0")
        defer { watch.kill(9) }
        try eventually(within: .seconds(15), "it looked: \(watch.errors)") {
            ["applied", "unchanged", "rejected", "blocked", "stuck"].contains { watch.errors.contains("\"event\":\"\($0)\"") || watch.errors.contains(" \($0) ") }
        }
        var text = ""
        for words in [
            ["validate", scene.repository.workTree.path], ["validate", scene.repository.path, "--rev", "main"], ["plan"], ["plan", "--format", "json"],
            ["apply"], ["status", "--json"], ["get", "--applied"], ["export"], ["show"], ["events", "list", "--json"],
            ["codeowners", scene.repository.workTree.path], ["get", "--repo", scene.repository.workTree.path, "--effective"],
        ] {
            let outcome = try scene.charter(words)
            #expect([0, 1, 2, 3].contains(outcome.code), "\(words): \(outcome.code)")
            text += outcome.output + outcome.errors
        }
        return text + watch.output + watch.errors
    }

    @Test func `a secret in a file outside is told nobody, whatever is wrong with it`() throws {
        let (folder, path) = try outside()
        defer { withExtendedLifetime(folder) {} }
        let scene = try Scene()
        try scene.repository.commit(Self.secrets(path))
        let words = try words(scene)
        #expect(try scene.sql("SELECT count(*) FROM charter.revision") == ["1"], "\(words)")
        #expect(words.contains(path) && !words.contains(Self.canary))
    }

    @Test func `every field that a path may stand in has what is there told nobody`() throws {
        let (folder, path) = try outside()
        defer { withExtendedLifetime(folder) {} }
        let scene = try Scene()
        try scene.apply()
        for way in Self.ways(to: path) {
            try scene.repository.commit(Self.paths(way))
            #expect(try !words(scene).contains(Self.canary), "\(way)")
        }
    }

    @Test(arguments: ["orgs/acme/link.yaml", "orgs/linked", "_defaults.yaml", "charter.yaml"])
    func `a link to a file outside has what is in it told nobody`(name: String) throws {
        let (folder, path) = try outside()
        defer { withExtendedLifetime(folder) {} }
        let scene = try Scene()
        try scene.apply()
        let up = String(repeating: "../", count: 20) + path.dropFirst()
        for target in name == "orgs/linked" ? [folder.path] : [path, up] {
            try scene.repository.shell("rm -f '\(name)' && ln -s '\(target)' '\(name)'")
            try scene.repository.commitAll()
            #expect(try !words(scene).contains(Self.canary), "\(name) to \(target)")
        }
    }
}
