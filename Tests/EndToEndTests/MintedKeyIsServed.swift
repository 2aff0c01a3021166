import Foundation
import TestKit
import Testing

extension EndToEnd {
    struct MintedKeyIsServed {
        @Test func `a key of a committed pool is minted, served, and refused when it is revoked, without a commit`() throws {
            let platform = try Platform()
            try """
            apiVersion: charter/v1
            kind: KeyPool
            metadata: { name: ci }
            spec:
              issuers: { members: [sam] }
              keys: 1
              each: { lifetime: 1h, scopes: [chat], models: { allow: [assistant, "openai/*", "groq/*"] } }
            """.write(toFile: platform.repository.workTree + "/orgs/acme/pool.yaml", atomically: true, encoding: .utf8)
            try platform.repository.commit("Let Sam mint a key")
            let words = ["keys", "mint", "--pool", "acme/ci", "--as", "sam", "--quiet"]
            var minted: Subprocess.Outcome?
            try eventually(within: Platform.patience, "the pool is applied") {
                let outcome = try platform.charter(words)
                if outcome.code == 0 { minted = outcome }
                return outcome.code == 0
            }
            let lines = try #require(minted).output.split(separator: "\n").map(String.init)
            #expect(try platform.charter(words).errors.contains("has 1 keys, and may have 1"))
            try eventually(within: Platform.patience, "the minted key is served") { try platform.chat(key: lines[0]).status == 200 }
            #expect(try platform.chat().status == 200)

            #expect(try platform.charter("keys", "revoke", lines[1]).code == 0)
            try eventually(within: Platform.patience, "the revoked key is refused") { try platform.chat(key: lines[0]).status == 401 }
            #expect(try platform.chat().status == 200)
        }
    }
}
