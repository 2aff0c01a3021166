import Spec
import Testing

@testable import Policy

@Suite struct DenialTests {
    private static let end = Instant(milliseconds: World.start.milliseconds + 60_000)
    private static let mark = OverrideMark(uid: "0f3a", owner: "ada", reason: "it leaked", until: end)

    private func denial(_ uid: String, model: String? = nil) -> Denial {
        Denial(mark: Self.mark, uid: "uid:" + uid, model: model, endsAt: Self.end)
    }

    private func refusal(_ snapshot: Snapshot, _ facts: RequestFacts = .chat(), at now: Instant = World.start) -> Refusal? {
        snapshot.authenticate(World.digest(), now: now).flatMap { snapshot.authorize($0, facts, now: now) }
            .flatMap { snapshot.claim($0, facts, now: now) }.failure
    }

    @Test(arguments: ["APIKey/checkout", "Organization/acme", "Member/sam", "Provider/openai", "ModelCatalog/openai"])
    func `a denied resource refuses what depends on it, by the override, until its end`(target: String) throws {
        let snapshot = try World().snapshot()
        let entry = try #require(snapshot.graph.register.entries.first { "\($0.key.kind.rawValue)/\($0.key.name)" == target })
        #expect(refusal(snapshot) == nil)
        let denied = snapshot.denying([Denial(mark: Self.mark, uid: entry.uid, model: nil, endsAt: Self.end)])
        let found = try #require(refusal(denied))
        #expect(found.code == .suspended && found.resetsAt == Self.end)
        #expect(found.message.hasSuffix("is denied for now"))
        #expect(found.rule?.origin?.override == Self.mark)
        #expect(found.rule?.origin?.path == "override/0f3a")
        #expect(refusal(denied, at: Self.end) == nil)
        #expect(refusal(snapshot) == nil, "what it was made from is as it was")
    }

    @Test func `a denied model leaves the others of its catalog`() throws {
        let snapshot = try World().snapshot()
        let models = snapshot.models
        let denied = try #require(models.first { $0.qualifiedName == RequestFacts.chat().model })
        let uid = snapshot.graph.register.entries[Int(denied.catalog)].uid
        let after = snapshot.denying([Denial(mark: Self.mark, uid: uid, model: denied.qualifiedName, endsAt: Self.end)])
        #expect(refusal(after)?.rule?.origin?.override == Self.mark)
        let untouched = zip(models, after.models).filter { $0 !== $1 }.map(\.0.qualifiedName)
        #expect(untouched == [denied.qualifiedName])
    }

    @Test func `a denial of what is not here, and none at all, change nothing`() throws {
        let snapshot = try World().snapshot()
        #expect(snapshot.denying([]) === snapshot)
        #expect(refusal(snapshot.denying([denial("acme/APIKey/other")])) == nil)
    }

    @Test func `who and why are withheld where places alone are disclosed`() throws {
        let found = try #require(refusal(try World().snapshot().denying([denial("acme/APIKey/checkout")]))?.rule)
        let mark = try #require(found.disclosed(.place)?.origin?.override)
        #expect(mark.owner.isEmpty && mark.reason.isEmpty && mark.uid == "0f3a")
        #expect(found.disclosed(.code) == nil)
    }

    @Test func `a refusal by a field that an override has changed names the override`() throws {
        let world = World(key: "  limits: [5 requests/min]")
        let resources = try world.resources().map { governed in
            guard governed.resource.key.kind == .apiKey else { return governed }
            let resource = try Resource.decode(
                key: governed.resource.key, canonical: governed.resource.canonical,
                patch: ResourcePatch(["/spec/limits/0": #""1 requests/min""#]))
            var provenance = governed.provenance
            provenance.overrides = ["/spec/limits/0": Self.mark]
            return GovernedResource(uid: governed.uid, resource: resource, provenance: provenance)
        }
        let snapshot = Snapshot.compile(resources, revision: RevisionIdentity(id: 1, commit: "", stateDigest: ""), reviewing: false).snapshot
        let key = try #require(snapshot.graph.keys.first)
        let rule = snapshot.rule(RuleReference(resource: key.resource, field: .limit(0)))
        #expect(rule.origin?.override == Self.mark && rule.field == "/spec/limits/0")
        #expect(snapshot.graph.register.place(of: RuleReference(resource: key.resource, field: .limit(0))).path == "override/0f3a")
        #expect(snapshot.rule(RuleReference(resource: key.resource, field: .owner)).origin?.override == nil)
        #expect(snapshot.graph.bounds.contains { $0.text == "1 requests/minute" })
    }
}
