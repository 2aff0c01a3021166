import Foundation
import TestKit
import Testing

extension EndToEnd {
    struct PullRequestShowsItsMistakes {
        private let key = "orgs/acme/keys/checkout.yaml"

        @Test func `a branch is told its own mistakes, those it makes elsewhere, and no others`() throws {
            let repository = try ConfigRepository(openAIPort: 9103, groqPort: 9104)
            try repository.commit("First rules")
            try branch("topic", in: repository)
            try repository.edit(key) { $0.replacingOccurrences(of: "  limits:", with: "  limitz:") }
            try repository.remove("orgs/acme/projects/search.yaml")

            let text = try validate(in: repository, "--base", "origin/main")
            #expect(text.code == 1)
            #expect(text.output.contains(try repository.place(of: "limitz", in: key)))
            #expect(
                text.output.contains("orgs/acme/keys/search.yaml:")
                    && text.output.contains("there is no Project `search` in acme"))
            #expect(!text.output.contains("plans/plans.yaml"))

            let annotated = try validate(
                in: repository, "--base", "origin/main", "--report", "sarif=charter.sarif",
                environment: ["GITHUB_ACTIONS": "true"])
            #expect(annotated.output.contains("::error file=\(key),line="))
            #expect(try repository.text(of: "charter.sarif").contains("\"ruleId\":\"CH1042\""))

            try repository.edit(key) { $0.replacingOccurrences(of: "  limitz:", with: "  limits:") }
            try restore("orgs/acme/projects/search.yaml", in: repository)
            #expect(try validate(in: repository, "--base", "origin/main").code == 0)
        }

        private func validate(
            in repository: ConfigRepository, _ words: String..., environment: [String: String] = [:]
        ) throws -> Subprocess.Outcome {
            try Subprocess.run(
                [Programs.charter, "validate"] + words, environment: ["GITHUB_ACTIONS": ""].merging(environment) { $1 },
                directory: repository.workTree)
        }

        private func branch(_ name: String, in repository: ConfigRepository) throws {
            for words in [["fetch", "-q", "origin"], ["switch", "-qc", name]] { try git(words, in: repository) }
        }

        private func restore(_ path: String, in repository: ConfigRepository) throws {
            try git(["checkout", "-q", "HEAD", "--", path], in: repository)
        }

        private func git(_ words: [String], in repository: ConfigRepository) throws {
            let outcome = try Subprocess.run(
                ["git", "-C", repository.workTree] + words, environment: ConfigRepository.person)
            #expect(outcome.code == 0, "\(outcome)")
        }
    }
}
