import Foundation
import Policy
import Spec
import Store
import Testing

@testable import Services

/// What is told of a request of last month.
struct DecisionQuestionTests {
    private let scene: DecisionScene

    init() throws { scene = try DecisionScene() }

    private func json(_ chain: DecisionChain) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(chain.json.text.utf8)) as? [String: Any])
    }

    @Test func `a request of last month is told with what was declared then, and by whom, not with what is now`() throws {
        let chain = try scene.chain(scene.ship())
        let told = try json(chain)
        let revision = try #require(told["revision"] as? [String: Any])
        #expect(revision["id"] as? Int == 1 && revision["commit"] as? String == scene.commits.first && revision["message"] as? String == "Begin small")
        let declarations = try #require(told["declarations"] as? [[String: Any]])
        let byPart = Dictionary(grouping: declarations) { $0["part"] as? String ?? "" }
        #expect(
            Set(byPart.keys) == ["organization", "project", "owner", "key", "scope", "route", "provider", "catalog", "budget"], "\(byPart.keys)")
        let budget = try #require(byPart["budget"]?.first)
        #expect(byPart["budget"]?.count == 1 && budget["resource"] as? String == "acme/Budget/team")
        // Now it stands a line farther down.
        #expect(budget["place"] as? String == "\(DecisionScene.budgetPath):1" && budget["commit"] as? String == scene.commits.first)
        #expect((budget["author"] as? String)?.hasPrefix("Ada Park") == true)
        #expect((budget["declared"] as? [String: Any])?["hard"] as? String == "100 USD/month")
        #expect(byPart["scope"]?.compactMap { $0["resource"] as? String } == ["-/Scope/chat"])
        let catalog = try #require(byPart["catalog"]?.first?["declared"] as? [String: Any])
        #expect((catalog["models"] as? [String: Any])?.keys.sorted() == ["small"], "models that were not tried are left out")
        let bound = try #require((told["bounds"] as? [[String: Any]])?.first)
        #expect(bound["bound"] as? String == "100 USD/month" && bound["resource"] as? String == "acme/Budget/team" && bound["remaining"] as? Int == 930)
        #expect((told["gaps"] as? [String]) == [])
        #expect(!chain.text.contains("900 USD") && chain.text.contains("Ada Park") && !chain.text.contains("Bo Lind"), "\(chain.text)")
        #expect(chain.text.contains("local/large: denied, by orgs/acme/keys.yaml:4"), "\(chain.text)")

        let later = try scene.chain(scene.ship(revision: 2, rule: "\(DecisionScene.budgetPath):5"))
        #expect(later.text.contains("Bo Lind") && later.text.contains("-/Scope/wide"), "\(later.text)")
    }

    @Test func `each attempt is told with its status, tokens and prices, and a correction beside it`() throws {
        let told = try json(scene.chain(scene.ship(corrected: -10)))
        #expect(told["status"] as? Int == 200 && told["costNanoUSD"] as? Int == 50)
        let attempts = try #require(told["attempts"] as? [[String: Any]])
        #expect(attempts.map { $0["status"] as? Int } == [503, 200])
        #expect(attempts.map { $0["outcome"] as? String } == ["failed: http 503", "served"])
        #expect(attempts.allSatisfy { $0["prices"] as? String == "v7" && $0["input"] as? Int == 10 })
        #expect((told["corrections"] as? [[String: Any]])?.map { $0["costNanoUSD"] as? Int } == [-10])
    }

    @Test func `an override in force then is named with owner and reason, and one that was over or came later is not`() throws {
        let bridging = try scene.override(
            .budget, "team", patch: ["/spec/hard": #""400 USD/month""#], from: -60, to: 60, reason: "the night must be bridged")
        try scene.override(.budget, "team", patch: ["/spec/hard": #""300 USD/month""#], from: -90, to: -1, reason: "it was over")
        try scene.override(.apiKey, "checkout", from: 1, to: 60, reason: "it came later")
        try scene.override(.budget, "other", patch: ["/spec/hard": #""9 USD/month""#], from: -60, to: 60, reason: "it bound nobody here")
        try scene.override(.modelCatalog, "local", in: nil, part: "local/huge", from: -60, to: 60, reason: "of another model")
        let chain = try scene.chain(scene.ship(rule: "override/\(bridging)"))
        let overrides = try #require(try json(chain)["overrides"] as? [[String: Any]])
        #expect(overrides.map { $0["id"] as? String } == [bridging], "\(overrides)")
        #expect(overrides.first?["owner"] as? String == "mira" && overrides.first?["reason"] as? String == "the night must be bridged")
        #expect(chain.bounds.first?.declaration?.key.name == "team")
        #expect(chain.text.contains("hard=\"400 USD/month\"") && chain.text.contains("by mira: the night must be bridged"), "\(chain.text)")
        for reason in ["it was over", "it came later", "it bound nobody here", "of another model"] { #expect(!chain.text.contains(reason)) }
    }

    @Test func `what is gone of a record or a revision is said, and the rest is told`() throws {
        let stripped = try scene.chain(scene.ship(detail: "{}"))
        #expect(stripped.gaps.count == 1 && stripped.text.contains("retention.decisions"), "\(stripped.text)")
        #expect(stripped.links.contains { $0.part == "key" } && stripped.bounds.isEmpty)
        let pruned = try scene.chain(scene.ship(revision: 9_999_999_999))
        #expect(pruned.revision == nil && pruned.gaps.count == 1)
        #expect(pruned.text.contains("revision 9999999999 is not in this database any more"), "\(pruned.text)")
        #expect(pruned.text.contains("local/small"))
    }

    @Test func `nothing of a key's secrets and no address of its owner is told`() throws {
        let chain = try scene.chain(scene.ship())
        for text in [chain.text, chain.json.text] { #expect(!text.contains("sha256") && !text.contains("sam@acme.example"), "\(text)") }
        let key = try #require(chain.links.first { $0.part == "key" })
        #expect(key.declaration.declared.contains("sha256"), "else the test shows nothing")
    }

    @Test func `a decision that is not there says why that can be, and what is no decision is misworded`() throws {
        let known = try scene.ship()
        let missing = String(known.dropLast()) + (known.hasSuffix("0") ? "1" : "0")
        let refusal = try #require(throws: RequestRefusal.self) { try scene.chain(missing) }
        #expect(refusal.reason == .missing && refusal.description.contains(missing) && refusal.hint?.contains("refused before") == true)
        let misworded = try #require(throws: RequestRefusal.self) { try scene.chain("the last one") }
        #expect(misworded.reason == .misworded && misworded.hint?.contains("x-charter-decision") == true)
        let foreign = try DecisionQuestion(known, org: "globex", caller: nil)
        #expect(throws: RequestRefusal.self) { try scene.connection.transaction { _ = try foreign.run($0) } }
    }
}
