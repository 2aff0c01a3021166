import Foundation
import TestKit
import Testing

extension EndToEnd {
    struct ReweightedRouteMovesTraffic {
        private let routes = "routes/routes.yaml"

        @Test func `all calls of a route follow its weights to the other provider`() throws {
            let platform = try Platform()
            try platform.repository.edit(routes) {
                $0.replacingOccurrences(of: "llama-3.3-70b, weight: 20", with: "llama-3.3-70b, weight: 0")
            }
            try platform.repository.commit("Send assistant to openai only")
            try expectAll(platform, reach: \.openAI)

            try platform.repository.edit(routes) {
                $0.replacingOccurrences(of: "llama-3.3-70b, weight: 0", with: "llama-3.3-70b, weight: 100")
                    .replacingOccurrences(of: "gpt-4o-mini, weight: 80", with: "gpt-4o-mini, weight: 0")
            }
            try platform.repository.commit("Send assistant to groq only")
            try expectAll(platform, reach: \.groq)
            let last = try #require(platform.served.groq.last)
            #expect(last.model == "llama-3.3-70b-versatile", "the provider is asked by the name it uses")
        }

        /// Waits for the commit to be enforced, then sees ten calls all arrive at one provider.
        private func expectAll(
            _ platform: Platform,
            reach provider: KeyPath<(openAI: [ServedRequest], groq: [ServedRequest]), [ServedRequest]>
        ) throws {
            let newest = try awaitNewestRevision(platform)
            let all = platform.served
            for _ in 0..<10 {
                let answer = try platform.chat()
                #expect(answer.status == 200 && answer.revision == newest, "\(answer)")
            }
            let now = platform.served
            #expect(now[keyPath: provider].count - all[keyPath: provider].count == 10)
            #expect(now.openAI.count + now.groq.count - all.openAI.count - all.groq.count == 10)
        }

        private func awaitNewestRevision(_ platform: Platform) throws -> Int64 {
            let commit = try platform.repository.head()
            var revision: Int64?
            try platform.chatBecomes("the commit is enforced") { answer in
                revision = (try? platform.sql("SELECT id FROM charter.revision WHERE commit = '\(commit)'"))?.first
                    .flatMap { Int64($0) }
                return revision != nil && answer.revision == revision
            }
            return try #require(revision)
        }
    }
}
