import Foundation
import Reconciler
import Store
import TestKit
import Testing

@testable import Services

/// Where commits must be signed, those made for callers are.
@Suite struct SignedChangeTests {
    let people = try? SigningKey()
    let charter = try? SigningKey()

    /// The first commit is signed by people, and by no other key.
    private func signedScene() throws -> (WriteBackScene, people: SigningKey, charter: SigningKey) {
        let (people, charter) = (try #require(people), try #require(charter))
        let rules = """
            writeBack: { to: main }, signatures: { required: require }, \
            signers: [{ name: sam, key: "\(people.publicLine)" }, { name: charter, key: "\(charter.publicLine)" }]
            """
        let it = try WriteBackScene(rules: rules, isApplied: false)
        let repository = it.scene.repository
        try repository.git(
            "-c", "gpg.format=ssh", "-c", "user.signingkey=\(people.path)", "commit", "-q", "-S", "--amend", "--no-edit")
        guard case .applied = try it.scene.apply() else { throw Unexpected() }
        return (it, people, charter)
    }

    @Test func `a commit signed with the declared key is taken by the reconciler's own verification, and by ssh-keygen`() throws {
        let (it, _, charter) = try signedScene()
        try it.until(it.ask("hard=5 USD/month"), .enforced, from: it.scene.start("watch", "--signing-key", charter.path))
        #expect(try it.scene.sql("SELECT outcome || ' ' || signers::text FROM charter.verification")[0].contains("charter"))
        let allowed = it.scene.repository.root.appending(path: "allowed")
        try Data("charter@example.com \(charter.publicLine)\n".utf8).write(to: allowed)
        try it.scene.repository.git("-c", "gpg.ssh.allowedSignersFile=\(allowed.path)", "verify-commit", "main")
    }

    @Test func `without a key, or with one that nobody declared, the branch stays as it is`() throws {
        let (it, _, _) = try signedScene()
        let tip = try it.tip
        let unsigned = try it.until(it.ask("hard=5 USD/month"), .refused, from: it.scene.start("watch"))
        #expect(unsigned.reason?.contains("--signing-key") == true)
        let stranger = try SigningKey()
        let watch = try it.scene.start("watch", "--signing-key", stranger.path)
        #expect(try it.until(it.ask("hard=6 USD/month"), .refused, from: watch).reason?.contains("would not be accepted") == true)
        #expect(try it.tip == tip)
    }

    @Test func `a key that cannot be read has changes wait and not fail`() throws {
        let (it, _, charter) = try signedScene()
        let key = it.scene.repository.root.appending(path: "key")
        let watch = try it.scene.start("watch", "--signing-key", key.path)
        let id = try it.ask("hard=5 USD/month")
        try eventually(within: .seconds(60), "it waits: \(watch.errors)") { try it.state(of: id).trouble?.contains("nothing can be signed") == true }
        try FileManager.default.copyItem(atPath: charter.path, toPath: key.path)
        try it.until(id, .enforced, from: watch)
    }
}
