import Foundation
import TestKit
import Testing

extension EndToEnd {
    struct RevokedKeyIsRefused {
        @Test func `a key whose file leaves the repository gets 401, without a restart`() throws {
            let platform = try Platform()
            let before = try platform.chat()
            #expect(before.status == 200, "\(before)")

            try platform.repository.remove(Platform.checkoutKey)
            try platform.repository.commit("Revoke checkout-prod")

            let refused = try platform.chatBecomes("the key is refused") { $0.status == 401 }
            #expect(refused.json("error", "code") as? String == "invalid_api_key")
            #expect(try platform.get("/v1/models").status == 401)
        }

        @Test func `a key whose secret is replaced answers to the next secret only`() throws {
            let platform = try Platform()
            let (secret, digest) = try Platform.mint()
            #expect(try platform.chat(key: secret).status == 401)

            try platform.repository.edit(Platform.checkoutKey) {
                $0.replacing(/sha256: [0-9a-f]{64}/, with: "sha256: \(digest)")
            }
            try platform.repository.commit("Replace the secret of checkout-prod")

            try platform.chatBecomes("the old secret is refused") { $0.status == 401 }
            #expect(try platform.chat(key: secret).status == 200)
        }
    }
}
