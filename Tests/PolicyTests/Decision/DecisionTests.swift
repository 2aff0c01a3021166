import Foundation
import Policy
import Spec
import Testing

@Suite struct DecisionTests {
    private func object(_ decision: Decision) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(decision.json.utf8)) as? [String: Any])
    }

    private func admitted(key: String = "  limits: [10 requests/min]\n  budget: { hard: 1 USD/day }") throws -> (Decision, [Target]) {
        let snapshot = try World(key: key).snapshot(revision: 42)
        var table = CellTable(org: "acme")
        let claim = try snapshot.admit(.chat("assistant")).get()
        let reservation = try table.reserve(claim, now: World.start).get()
        let order = snapshot.route(claim, draw: 255)
        return (Decision(admitted: claim, as: reservation, facts: RouteFacts(), draw: 255, order: order), order)
    }

    @Test func `an admitted request names every rule by path and line`() throws {
        let (decision, order) = try admitted()
        let object = try object(decision)
        #expect(object["outcome"] as? String == "admitted")
        #expect(object["revision"] as? Int == 42)
        #expect(object["key"] as? String == "acme/APIKey/checkout")
        #expect(object["requested"] as? String == "assistant")
        #expect((object["scope"] as? String)?.hasPrefix("platform.yaml:") == true)
        let holds = try #require(object["holds"] as? [[String: Any]])
        #expect(holds.map { $0["rule"] as? String } == ["orgs/acme/key.yaml:8", "orgs/acme/key.yaml:9"])
        #expect(holds[0]["remaining"] as? Int == 9)
        #expect(object["draw"] as? String == "ff")
        #expect(object["order"] as? [String] == order.map(\.model.qualifiedName))
    }

    @Test func `a denied target is shown with the rule that denies it`() throws {
        let (decision, _) = try admitted(key: "  models: { deny: [vllm/llama] }")
        let targets = try #require(try object(decision)["targets"] as? [[String: Any]])
        #expect(targets.map { $0["verdict"] as? String } == ["possible", "denied", "possible"])
        #expect(targets[1]["rule"] as? String == "orgs/acme/key.yaml:8")
    }

    @Test func `requests that are let in alike share a form, and their numbers fill it`() throws {
        let snapshot = try World(key: "  limits: [10 requests/min]\n  budget: { hard: 1 USD/day }").snapshot()
        var table = CellTable(org: "acme")
        func decision(_ facts: RequestFacts, draw: UInt64 = 255) throws -> Decision {
            let claim = try snapshot.admit(facts).get()
            let order = snapshot.route(claim, draw: 0)
            var decision = Decision(
                admitted: claim, as: try table.reserve(claim, now: World.start).get(), facts: RouteFacts(), draw: draw, order: order)
            decision.record(Attempt(order[0], outcome: .served, status: 200, cost: NanoUSD(Int64(draw)), milliseconds: 9))
            return decision
        }
        let first = try decision(.chat("assistant"))
        let second = try decision(.chat("assistant"), draw: 77)
        #expect(first.formKey != nil)
        #expect(first.formKey == second.formKey)
        #expect(first.json != second.json)
        #expect(first.form == second.form)
        #expect(first.form.filled(with: second.numbers) == second.json)
        let other = try decision(.chat("openai/gpt-4o-mini"))
        #expect(first.formKey != other.formKey)
        var failed = second
        let order = snapshot.route(try snapshot.admit(.chat("assistant")).get(), draw: 0)
        failed.record(Attempt(order[0], outcome: .failed("connect"), status: 0))
        #expect(first.formKey != failed.formKey)
        failed.seal()
        #expect(failed.formKey == nil)
    }

    @Test func `a sealed decision says the same`() throws {
        var (decision, order) = try admitted()
        let before = decision.json
        decision.seal()
        #expect(decision.json == before)
        decision.record(Attempt(order[0], outcome: .failed("http 503"), status: 503, milliseconds: 12))
        decision.record(Attempt(order[1], outcome: .served, status: 200, cost: NanoUSD(7), milliseconds: 90))
        let attempts = try #require(try object(decision)["attempts"] as? [[String: Any]])
        #expect(attempts.map { $0["outcome"] as? String } == ["failed: http 503", "served"])
        #expect(attempts[1]["costNanoUSD"] as? Int == 7)
    }

    @Test(arguments: [
        (TraceID(high: 0x0af7_6519_16cd_43dd, low: 0x8448_eb21_1c80_319c), "0af7651916cd43dd8448eb211c80319c"),
        (TraceID(high: 0, low: 0x00ff), "000000000000000000000000000000ff"), (TraceID(high: .max, low: 0), "ffffffffffffffff0000000000000000"),
        (TraceID(high: 1, low: 1 << 60), "00000000000000011000000000000000"),
    ])
    func `a client's trace stands in the record, digit by digit`(trace: TraceID, text: String) throws {
        var (decision, _) = try admitted()
        decision.trace = trace
        #expect(try object(decision)["trace"] as? String == text)
        decision.seal()
        #expect(try object(decision)["trace"] as? String == text)
    }

    @Test func `records that differ in their traces share a form, unless one has none or other zeros before it`() throws {
        let (decision, _) = try admitted()
        func traced(_ high: UInt64) -> Decision {
            var traced = decision
            traced.trace = TraceID(high: high, low: 0xabc << 48)
            return traced
        }
        let (first, second, third) = (traced(0x1 << 60), traced(0xf << 60), traced(0x1 << 40))
        #expect(first.formKey == second.formKey && first.form == second.form)
        #expect(first.form.filled(with: second.numbers) == second.json)
        #expect(first.formKey != third.formKey)
        #expect(first.formKey != decision.formKey)
    }

    @Test func `sealing lets go of the snapshot`() throws {
        weak var snapshot: Snapshot?
        var decision = try admitted().0
        snapshot = try { () throws -> Snapshot? in
            let fresh = try World().snapshot()
            let claim = try fresh.admit(.chat()).get()
            var table = CellTable(org: "acme")
            decision = Decision(
                admitted: claim, as: try table.reserve(claim, now: World.start).get(), facts: RouteFacts(), draw: 0, order: [])
            return fresh
        }()
        #expect(snapshot != nil)
        let key = decision.formKey
        defer { withExtendedLifetime(key) {} }
        decision.seal()
        #expect(snapshot == nil)
    }

    @Test func `a refusal is recorded with its rule and survives odd text`() throws {
        let snapshot = try World().snapshot()
        let facts = RequestFacts.chat("no \"such\"\n\u{1} mödel")
        let refusal = try #require(snapshot.admit(facts).failure)
        let object = try object(Decision(refused: refusal, caller: try snapshot.caller(), facts: facts))
        #expect(object["outcome"] as? String == "refused")
        #expect(object["requested"] as? String == facts.model)
        #expect((object["refusal"] as? [String: Any])?["code"] as? String == "model_not_found")
    }
}
