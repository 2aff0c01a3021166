import Foundation
import Reconciler
import Spec
import TestKit

/// A scene whose `charter.yaml` says who signs.
struct SignedScene {
    let scene: Scene
    let sam: SigningKey
    let bo: SigningKey

    /// `rules` are further lines of the spec; the first commit is signed by sam and applied.
    init(_ rules: String, isApplied: Bool = true) throws {
        sam = try SigningKey()
        bo = try SigningKey("ecdsa", bits: 256)
        scene = try Scene([:])
        try scene.repository.git("config", "gpg.format", "ssh")
        for (path, text) in Declared.platform { try scene.repository.write(text, to: path) }
        try scene.repository.write(policy(rules), to: "charter.yaml")
        try commit(signedBy: sam)
        guard isApplied else { return }
        guard case .applied = try scene.apply() else { throw Unexpected() }
    }

    /// The text of `charter.yaml`.
    func policy(_ rules: String, also more: [(String, SigningKey)] = []) -> String {
        let signers = ([("sam", sam), ("bo", bo)] + more).map { name, key in
            "    - { name: \(name), key: \"\(key.publicLine)\" }\n"
        }
        return """
            apiVersion: charter/v1
            kind: Repository
            metadata: { name: test }
            spec:
              signers:
            \(signers.joined())
            """ + rules.split(separator: "\n").map { "  \($0)\n" }.joined()
    }

    @discardableResult
    func commit(_ files: [String: String] = [:], signedBy key: SigningKey?, message: String = "Change") throws -> String {
        for (path, text) in files { try scene.repository.write(text, to: path) }
        try scene.repository.git("add", "-A")
        let signature = key.map { ["-c", "user.signingkey=\($0.path)", "commit", "-S"] } ?? ["commit", "--no-gpg-sign"]
        try scene.repository.git(signature + ["-q", "--allow-empty", "-m", message])
        return try scene.repository.git("rev-parse", "HEAD")
    }

    /// Changes the one budget, so that there is something to apply.
    @discardableResult
    func changeBudget(_ amount: Int, signedBy key: SigningKey?) throws -> String {
        try commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "\(amount) USD/month")], signedBy: key)
    }

    /// Puts another commit in the place of the tip, whose text is made of that one's.
    func rewriteTip(_ edit: (String) throws -> String) throws {
        let repository = scene.repository
        // What `git` answers ends without its last line break.
        let text = try edit(repository.git("cat-file", "commit", "HEAD") + "\n")
        let file = repository.root.appending(path: "commit")
        try Data(text.utf8).write(to: file)
        let id = try repository.git("hash-object", "-t", "commit", "--literally", "-w", file.path)
        try repository.git("update-ref", "refs/heads/main", id)
    }

    /// The codes of what is said against the tip; empty when it was applied.
    func refusal() throws -> [String] {
        switch try scene.apply() {
        case .rejected(let rejection): rejection.diagnostics.map(\.code.rawValue)
        case .applied, .unchanged: []
        }
    }
}
