import Crypto
import Policy
import Spec
import Store
import TestKit
import Testing

@testable import Services

/// What people say of drift, on real tables.
struct DriftActsTests {
    let connection: Connection

    init() throws {
        connection = try Connection(TestPostgres.shared.freshDatabase())
        try connection.transaction { transaction in
            try Units.ensure(transaction, name: "main", repository: "/r", folder: "")
            let findings = [
                finding("acme/Budget/team", "1", "/spec/hard"), finding("acme/Budget/team", "1", "/spec/soft"),
                finding("globex/Budget/team", "2", "/spec/hard"),
            ]
            _ = try DriftFindings.record(transaction, unit: "main", seen: findings) { _ in .gone }
        }
    }

    private func finding(_ resource: String, _ number: String, _ pointer: String) -> DriftFinding {
        DriftFinding(
            unit: "main", uid: "00000000-0000-4000-8000-00000000000\(number)", resource: resource, aspect: .changed, pointer: pointer,
            label: String(pointer.dropFirst()), wanted: "1", found: "2", revision: 1)
    }

    private func present() throws -> [DriftFinding] { try connection.transaction { try DriftFindings.present($0) } }

    private func audit() throws -> [String] {
        try connection.transaction { try Audit.list($0, .everything, limit: 10) }.map { "\($0.org) \($0.actor) \($0.action) \($0.subject)" }
    }

    private func tolerate(_ subject: String, _ end: DriftTolerateRequest.End = .after(.seconds(3600)), tenancy: Tenancy = .everything) throws -> DriftReceipt {
        try DriftTolerateRequest(subject: DriftSubject(subject), end: end, reason: "the night", actor: "mira", tenancy: tenancy).run(connection)
    }

    @Test func `a field is tolerated for a time, with who and why, and the audit has it`() throws {
        let receipt = try tolerate("acme/Budget/team#/spec/hard")
        #expect(receipt.findings.map(\.pointer) == ["/spec/hard"])
        #expect(receipt.text.hasPrefix("1 finding of acme/Budget/team#/spec/hard may stay until "))
        let tolerated = try present().filter { $0.state == .tolerated }
        #expect(tolerated.count == 1 && tolerated[0].toleration?.actor == "mira" && tolerated[0].toleration?.reason == "the night")
        #expect(try audit() == ["acme mira drift.tolerated acme/Budget/team#/spec/hard"])
    }

    @Test func `thousands are put right some at a time, all of them counted and the first ones listed`() throws {
        try connection.transaction { transaction in
            let many = (0..<2_500).map { finding("acme/Budget/team", "1", "/spec/f\($0)") }
            _ = try DriftFindings.record(transaction, unit: "main", seen: many) { _ in .gone }
        }
        let receipt = try DriftRevertRequest(subject: nil, actor: "mira").run(connection)
        #expect(receipt.count == 2_500 && receipt.findings.count == 1_000)
        #expect(receipt.text.hasPrefix("2500 findings will be put right") && receipt.text.hasSuffix("  and 2400 more"))
        #expect(receipt.json.text.contains(#""count":2500,"#))
        #expect(try present().allSatisfy { $0.revertAskedBy == "mira" })
        #expect(try audit() == Array(repeating: "acme mira drift.revert_asked all drift", count: 3))
    }

    /// Has what is found of this resource wait for a change; answers its id.
    private func adopt(_ resource: String, org: String?) throws -> String {
        try connection.transaction { transaction in
            let draft = ChangeDraft(
                org: org, unit: "main", title: "Adopt", patch: ChangePatch([]), caller: "acme/ada", purpose: "", idempotencyKey: nil)
            let request = try draft.ask(transaction).request
            try transaction.query(
                "UPDATE charter.drift_finding SET adoption = $1::uuid WHERE resource = $2", [.text(request.uid), .text(resource)])
            return request.uid
        }
    }

    @Test func `what was to declare it is taken back with it, and told`() throws {
        let change = try adopt("acme/Budget/team", org: "acme")
        let receipt = try DriftRevertRequest(subject: DriftSubject("acme/Budget/team#/spec/hard"), actor: "mira").run(connection)
        #expect(receipt.count == 1 && receipt.withdrawn == [change] && receipt.text.contains("Change \(change), which"))
        #expect(try connection.transaction { try ChangeRequests.one($0, .everything, uid: change) }?.state == .withdrawn)
        #expect(try audit().sorted().suffix(2) == ["acme mira change.withdrawn \(change)", "acme mira drift.revert_asked acme/Budget/team#/spec/hard"])
    }

    @Test(arguments: [true, false]) func `what a change of the platform's, or one on its way to the branch, declares stays, which is said`(isForeign: Bool) throws {
        let change = try adopt("acme/Budget/team", org: isForeign ? nil : "acme")
        if !isForeign { _ = try connection.transaction { try ChangeRequests.begin($0, uid: change) } }
        let refusal = #expect(throws: RequestRefusal.self) {
            try DriftRevertRequest(subject: DriftSubject("acme/Budget/team"), actor: "mira", tenancy: .organization("acme")).run(connection)
        }
        let said = isForeign ? "is to be declared by a change of the platform's already" : "is being declared by change \(change) already"
        #expect(refusal?.description == "acme/Budget/team \(said)" && refusal?.reason != .missing)
        #expect(try present().allSatisfy { $0.revertAskedBy == nil })
        let others = try DriftRevertRequest(subject: nil, actor: "mira", tenancy: isForeign ? .organization("globex") : .everything).run(connection)
        #expect(others.findings.map(\.resource) == ["globex/Budget/team"])
    }

    @Test func `more resources than one change takes are declared by several, once`() throws {
        let names = (100..<400).map { "b\($0)" }
        try connection.transaction { transaction in
            let found = names.map { name in
                var finding = DriftFinding(
                    unit: "main", uid: "00000000-0000-4000-8000-000000000\(name.dropFirst())", resource: "acme/Budget/\(name)", aspect: .unexpected,
                    revision: 1)
                finding.row = StateDigest.row(ResourceKey(org: "acme", kind: .budget, name: name), "{}").hex
                return finding
            }
            _ = try DriftFindings.record(transaction, unit: "main", seen: found) { _ in .gone }
            try transaction.query(
                """
                INSERT INTO charter.resource (org, kind, name, uid, canonical, digest, revision, unit)
                SELECT 'acme', 'Budget', 'b' || n, ('00000000-0000-4000-8000-000000000' || n)::uuid, '{}', sha256('x'), 1, 'main'
                FROM generate_series(100, 399) AS n
                """)
        }
        let request = DriftAdoptRequest(subject: nil, terms: ChangeTerms(unit: "main", caller: "acme/ada"))
        let receipts = try request.run(connection)
        #expect(receipts.map(\.request.asked.patch.steps.count) == [256, 44] && receipts.allSatisfy { !$0.isRepeated })
        #expect(try present().allSatisfy { $0.isBeingAdopted })
        let again = try request.run(connection)
        #expect(Set(again.map(\.request.uid)) == Set(receipts.map(\.request.uid)) && again.allSatisfy(\.isRepeated))
    }

    @Test func `all drift is asked to be put right, with a row of the audit for each organization`() throws {
        let receipt = try DriftRevertRequest(subject: nil, actor: "mira").run(connection)
        #expect(receipt.findings.count == 3 && receipt.findings.allSatisfy { $0.revertAskedBy == "mira" })
        #expect(try audit().sorted() == ["acme mira drift.revert_asked all drift", "globex mira drift.revert_asked all drift"])
    }

    @Test(arguments: [
        (DriftFinding.Aspect.history, "/history/1", "its checksum alone is kept"), (.lineage, "/lineage", "its checksum alone is kept"),
        (.provenance, "/provenance/1", "charter apply"),
    ])
    func `what no row holds is not put right by watch, which is said, and rows beside it are`(
        aspect: DriftFinding.Aspect, pointer: String, reason: String
    ) throws {
        var record = finding("initech/Budget/team", "3", pointer)
        record.aspect = aspect
        var row = finding("acme/Budget/team", "1", "/spec/hard")
        row.found = "3"
        try connection.transaction { transaction in
            _ = try DriftFindings.record(transaction, unit: "main", seen: [record, row]) { _ in .gone }
        }
        let refusal = #expect(throws: RequestRefusal.self) {
            try DriftRevertRequest(subject: DriftSubject("initech/Budget/team"), actor: "mira").run(connection)
        }
        let said = [refusal?.description, refusal?.hint].compactMap(\.self).joined(separator: " ")
        #expect(said.contains(reason), "\(said)")
        let receipt = try DriftRevertRequest(subject: nil, actor: "mira").run(connection)
        #expect(receipt.findings.map(\.resource) == ["acme/Budget/team"])
    }

    @Test func `who asks for a revert ends what was tolerated`() throws {
        _ = try tolerate("acme/Budget/team")
        _ = try DriftRevertRequest(subject: DriftSubject("acme/Budget/team"), actor: "mira").run(connection)
        #expect(try present().allSatisfy { $0.state == .open })
    }

    @Test func `nobody acts on what another organization has, and the audit stays silent`() throws {
        let refusal = #expect(throws: RequestRefusal.self) { try tolerate("globex/Budget/team", tenancy: .organization("acme")) }
        #expect(refusal?.reason == .missing)
        let missing = #expect(throws: RequestRefusal.self) { try tolerate("globex/Budget/none", tenancy: .organization("acme")) }
        #expect(missing?.description == refusal?.description.replacing("team", with: "none"))
        let asked = try DriftRevertRequest(subject: nil, actor: "eve", tenancy: .organization("acme")).run(connection)
        #expect(Set(asked.findings.map(\.resource)) == ["acme/Budget/team"])
        #expect(try audit() == ["acme eve drift.revert_asked all drift"])
    }

    @Test func `what another organization has is not adopted, and neither is what is not as the scan found it`() throws {
        func adopt(_ subject: String?, _ tenancy: Tenancy) throws -> [ChangeReceipt] {
            try DriftAdoptRequest(
                subject: subject.map { try DriftSubject($0) }, terms: ChangeTerms(unit: "main", caller: "acme/ada"), tenancy: tenancy
            ).run(connection)
        }
        let foreign = #expect(throws: RequestRefusal.self) { try adopt("globex/Budget/team", .organization("acme")) }
        let missing = #expect(throws: RequestRefusal.self) { try adopt("globex/Budget/none", .organization("acme")) }
        #expect(foreign?.reason == .missing && missing?.description == foreign?.description.replacing("team", with: "none"))
        let gone = #expect(throws: RequestRefusal.self) { try adopt(nil, .everything) }
        #expect(gone?.description == "acme/Budget/team cannot be adopted: it is not as the last scan found it")
        #expect(try audit() == [] && present().allSatisfy { $0.adoption == nil })
    }

    @Test func `a time that is over, and a toleration without a reason, are refused and change nothing`() throws {
        #expect(throws: RequestRefusal.self) { try tolerate("acme/Budget/team", .at(Instant(milliseconds: 1_000))) }
        let request = DriftTolerateRequest(subject: try DriftSubject("acme/Budget/team"), end: .after(.seconds(60)), reason: "", actor: "mira")
        #expect(throws: RequestRefusal.self) { try request.run(connection) }
        #expect(try present().allSatisfy { $0.state == .open })
        #expect(try audit() == [])
    }

    @Test(arguments: ["", "acme", "acme/Budget", "acme//team", "acme/Budget/", "acme/Budget/team#spec"])
    func `what names no resource or field is refused before anything is asked`(text: String) {
        #expect(throws: RequestRefusal.self) { try DriftSubject(text) }
    }

    @Test func `a platform's resource and a field's pointer are understood`() throws {
        #expect(try DriftSubject("-/Model/openai/gpt").selection == .init(resource: "-/Model/openai/gpt"))
        #expect(try DriftSubject("acme/Budget/team#/spec/a~1b").selection == .init(resource: "acme/Budget/team", pointer: "/spec/a~1b"))
    }
}
