import HTTP
import Spec
import Store
import Testing

@testable import Services

/// `GET /v1/admin/orgs/{org}/decisions/{decision}`
struct DecisionRouteTests {
    private let scene: DecisionScene

    init() throws { scene = try DecisionScene() }

    @Test func `who holds decisions read is told the chain, without whose words stand on what is all organizations'`() throws {
        try scene.override(.modelCatalog, "local", in: nil, part: "local/small", from: -60, to: 60, reason: "said of globex")
        try scene.override(.project, "search", from: -60, to: 60, reason: "our own")
        let answer = try scene.get(scene.ship(), as: ("acme", "lee"))
        #expect(answer.status == 200, "\(answer.text)")
        let told = answer.json
        #expect(told["key"] as? String == "checkout" && told["member"] as? String == "sam")
        let revision = try #require(told["revision"] as? [String: Any])
        #expect(revision["id"] as? Int == 1 && revision["commit"] is String && !(revision["message"] is String) && !(revision["author"] is String))
        let overrides = try #require(told["overrides"] as? [[String: Any]])
        #expect(overrides.compactMap { $0["reason"] as? String } == ["our own"] && overrides.count == 2, "\(overrides)")
        #expect(!answer.text.contains("globex"), "\(answer.text)")
        let declarations = try #require(told["declarations"] as? [[String: Any]])
        #expect(!(declarations.first { $0["part"] as? String == "provider" }?["declared"] is [String: Any]))
        #expect(declarations.first { $0["part"] as? String == "key" }?["declared"] is [String: Any])
    }

    @Test func `another organization's decision, a missing one and no decision at all are one 404`() throws {
        let known = try scene.ship()
        let missing = String(known.dropLast()) + (known.hasSuffix("0") ? "1" : "0")
        let answers = try [known, missing, "no-decision"].map { try scene.get($0, in: "globex", as: ("globex", "lee")) }
        #expect(answers.allSatisfy { $0.status == 404 } && Set(answers.map(\.text)).count == 1, "\(answers.map(\.text))")
        #expect(try scene.get(known, as: ("globex", "lee")).text == answers[0].text)
        #expect(try scene.get(missing, as: ("acme", "lee")).text == answers[0].text)
    }

    @Test func `whose right holds in one project is told of its requests alone, and who has none of nothing`() throws {
        let decision = try scene.ship()
        try scene.override(.organization, "acme", from: -60, to: 60, reason: "said of everybody")
        let told = try scene.get(decision, as: ("acme", "pat"))
        #expect(told.status == 200 && !told.text.contains("said of everybody") && !(told.json["record"] is [String: Any]), "\(told.text)")
        let declared = try #require(told.json["declarations"] as? [[String: Any]]).filter { $0["declared"] is [String: Any] }
        #expect(Set(declared.compactMap { $0["part"] as? String }).isDisjoint(with: ["organization", "member", "budget"]), "\(declared)")
        #expect((told.json["bounds"] as? [Any])?.isEmpty == true)
        let (other, missing) = (try scene.get(decision, as: ("acme", "kim")), try scene.get(String(repeating: "0", count: 32), as: ("acme", "kim")))
        #expect(other.status == 404 && other.text == missing.text)
        let refused = try scene.get(decision, as: ("acme", "sam"))
        #expect(refused.status == 403 && refused.text.contains("decisions.read"), "\(refused.text)")
    }
}
