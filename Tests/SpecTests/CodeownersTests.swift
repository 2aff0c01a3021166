import Testing

@testable import Spec

@Suite struct CodeownersTests {
    /// An organization with people, and the rules given.
    private func codeowners(_ owners: String) -> Codeowners {
        let rules = "apiVersion: charter/v1\nkind: Repository\nspec:\n  owners:\n" + owners
        let people = """
            apiVersion: charter/v1
            kind: Organization
            metadata: { name: acme }
            ---
            apiVersion: charter/v1
            kind: Member
            metadata: { name: sam }
            spec: { email: sam@acme.example, handle: "@sam" }
            ---
            apiVersion: charter/v1
            kind: Member
            metadata: { name: jo }
            spec: { email: jo@acme.example }
            ---
            apiVersion: charter/v1
            kind: Member
            metadata: { name: bot }
            spec: { type: service }
            ---
            apiVersion: charter/v1
            kind: Member
            metadata: { name: leads }
            spec: { type: group, handle: "@acme/leads", members: [sam] }
            ---
            apiVersion: charter/v1
            kind: Member
            metadata: { name: people }
            spec: { type: group, members: [sam, jo, leads] }
            ---
            apiVersion: charter/v1
            kind: Member
            metadata: { name: robots }
            spec: { type: group, members: [bot, sam] }
            """
        let declarations = Specification.load([
            SourceFile("charter.yaml", rules), SourceFile("orgs/acme/org.yaml", people),
        ])
        #expect(declarations.errors.map { Rendering.text($0) } == [])
        return Codeowners(declarations)
    }

    @Test func `rules keep their order, as the last one holds here and there`() {
        let file = codeowners(
            """
                - { paths: ["**"], by: [acme/sam] }
                - { paths: ["orgs/acme/**", "orgs/*/keys/**/*.yaml"], kinds: [APIKey, Budget], by: [acme/leads] }
                - { paths: [orgs/acme/org.yaml], by: [people], signers: [] }
                - { paths: ["catalog/*"] }
            """)
        #expect(file.problems.isEmpty)
        #expect(
            file.text == """
                # Written by `charter codeowners` from the owners in charter.yaml; change them there.

                * @sam

                # only APIKey, Budget; `charter validate` keeps this
                /orgs/*/keys/**/*.yaml @acme/leads
                /orgs/acme/ @acme/leads

                /orgs/acme/org.yaml jo@acme.example @acme/leads @sam

                /catalog/*

                """)
    }

    @Test func `an owner without a name at the Git host is refused, with the place`() throws {
        let file = codeowners("    - { paths: [\"orgs/acme/**\"], by: [sam, robots, bot] }\n")
        #expect(file.problems.map(\.code) == [.handleMissing, .handleMissing])
        #expect(file.problems.map(\.message.first) == ["`", "`"])
        #expect(file.problems.compactMap(\.place?.position.column) == [52, 44])
    }

    @Test(arguments: ["orgs/acme/key*", "orgs/acme/keys", "orgs/acme/x.json"])
    func `a pattern that would name a folder there is refused`(path: String) {
        #expect(codeowners("    - { paths: [\(path)], by: [acme/sam] }\n").problems.map(\.code) == [.pathNotExpressible])
    }

    @Test func `without rules the file is its first line`() {
        #expect(Codeowners(Specification.load([])).text.split(separator: "\n").count == 1)
    }
}

@Suite struct OwnershipTests {
    @Test(
        arguments: [
            ("**", "a.yaml", true), ("**", "orgs/acme/a.yaml", true), ("orgs/acme/**", "orgs/acme/keys/a.yaml", true),
            ("orgs/acme/**", "orgs/acmes/a.yaml", false), ("orgs/*/keys/*.yaml", "orgs/acme/keys/a.yaml", true),
            ("orgs/*/keys/*.yaml", "orgs/acme/keys/b/a.yaml", false), ("*.yaml", "a.yaml", true),
            ("*.yaml", "orgs/a.yaml", false), ("orgs/**/keys/**", "orgs/a/b/keys/c/d.yaml", true),
            ("orgs/**/keys/**", "orgs/a/b/kex/c/d.yaml", false), ("a/**/b/**/c.yaml", "a/b/x/b/c.yaml", true),
            ("**/c.yaml", "c.yaml", true),
        ])
    func `a pattern matches whole paths from the root`(pattern: String, path: String, matches: Bool) throws {
        #expect(try PathPattern.parse(pattern).matches(path) == matches)
    }

    @Test func `a pattern of many folders takes no more than the product of the lengths`() throws {
        let pattern = try PathPattern.parse(Array(repeating: "**/a", count: 200).joined(separator: "/") + "/b")
        let path = Array(repeating: "a", count: 2_000).joined(separator: "/")
        #expect(!pattern.matches(path))
    }

    @Test func `what cannot be checked offline is said only where it is declared`() throws {
        let rules = { (spec: String) throws -> [String] in
            let files = [SourceFile("charter.yaml", "apiVersion: charter/v1\nkind: Repository\nspec: \(spec)\n")]
            return Specification.load(files).repository.offlineExemptions
        }
        #expect(try rules("{}") == [])
        #expect(try rules("{ owners: [{ paths: [a.yaml], kinds: [Role] }], signatures: { check: every } }") == [])
        #expect(try rules("{ signatures: { required: warn } }") == ["signatures of commits"])
    }

    @Test(
        arguments: [
            ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBLPHvEwi72zwV9PJfqLlOFr/i8KKJQ9o0RlGw6ZqyX0 mira@acme", true),
            (
                "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBPP7wh5isXCUbHBj4Wil6NiI0JG+09eEwo0VkpRPsewgjBKVwcTOBgBuVwdlJ70VpnL9BwUvD6Uy7VU8z7DzGHw=",
                true
            ),
            ("ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIBLPHvEwi72zwV9PJfqLlOFr/i8KKJQ9o0RlGw6ZqyX0", false),
            ("ssh-ed25519", false), ("ssh-ed25519 AAAA", false), ("ssh-dss AAAAB3NzaC1kc3MAAACB", false),
            ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBLPHvEwi72zwV9PJfqLlOFr/i8KKJQ9o0RlGw6Zqy*0", false),
        ])
    func `a public key begins with its own algorithm`(line: String, isKey: Bool) {
        #expect(((try? SSHPublicKey.parse(line)) != nil) == isKey)
    }

    @Test func `revert and correct are the same word`() throws {
        let canonical = { (word: String) throws -> String in
            let text = "apiVersion: charter/v1\nkind: Repository\nspec: { drift: \(word), driftFor: { Role: \(word) } }\n"
            return try #require(Specification.load([SourceFile("charter.yaml", text)]).resources.values.first).canonical
        }
        #expect(try canonical("revert") == canonical("correct"))
        #expect(try canonical("correct") == #"{"spec":{"drift":"correct","driftFor":{"Role":"correct"}}}"#)
    }
}
