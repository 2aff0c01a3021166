import Spec
import Store
import TestKit
import Testing

@testable import Reconciler

/// Exports of two units over one database.
struct ExportedUnitsTests {
    let scene: Scene
    let globex: TestRepository

    init() throws {
        scene = try Scene(Declared.platform.merging(["plans/team.yaml": Self.team]) { $1 })
        globex = try TestRepository()
        try globex.commit([
            "orgs/globex/org.yaml":
                "apiVersion: charter/v1\nkind: Organization\nmetadata: { name: globex }\nspec: { plan: team }\n",
            "orgs/globex/gil.yaml": Declared.member("gil", roles: "[admin]"), "orgs/globex/p.yaml": Declared.project("p", "P"),
        ])
        try scene.apply()
    }

    private static let team = "apiVersion: charter/v1\nkind: Plan\nmetadata: { name: team }\nspec: { limits: [100 requests/min] }\n"

    private var source: GitSource {
        var source = scene.source
        source.location = .path(globex.path)
        return source
    }

    private func applyGlobex() throws {
        _ = try ReconcileSession(source: source, database: scene.database, unit: "globex").applyOnce(guardedBy: PlanGuard())
    }

    private func export() throws -> AppliedExport {
        try Connection(scene.database).transaction(.repeatableRead) { try AppliedExport($0) }
    }

    private func plan(_ source: GitSource, unit: String, _ export: AppliedExport) throws -> PlanOutcome {
        try PlanRequest(.tip(source), against: .export(export), unit: unit).run()
    }

    /// As a program of the first format wrote it.
    private func older(_ export: AppliedExport) throws -> String {
        let units = try Regex("\"units\":\\[.*\\]\\}$")
        let owner = try Regex("\"unit\":\"[a-z]+\",\"state\"")
        let lines = export.text.split(separator: "\n").dropLast().map(String.init).enumerated().map { index, line -> String in
            if index > 0 { return line.replacing(owner, with: "\"state\"") }
            return line.replacing("\"format\":2", with: "\"format\":1").replacing(units, with: "\"x\":0}")
        }
        return SealedText.seal(lines)
    }

    @Test func `a plan of one unit leaves alone what the other declares, as against the database`() throws {
        try applyGlobex()
        let export = try export()
        for (source, unit) in [(scene.source, "default"), (source, "globex")] {
            guard case .planned(let plan, let blocks) = try self.plan(source, unit: unit, export) else { throw Unexpected() }
            #expect(plan.isEmpty && blocks.isEmpty, "\(plan.text)")
        }
        try globex.commit(["orgs/globex/p.yaml": Declared.project("p", "Better")])
        guard case .planned(let offline, _) = try plan(source, unit: "globex", export),
            case .planned(let direct, _) = try PlanRequest(.tip(source), against: .database(scene.database), unit: "globex").run()
        else { throw Unexpected() }
        #expect(offline.digest == direct.digest && offline.changes.map(\.key.name) == ["p"])
        #expect(offline.stateDigest == direct.stateDigest && offline.base == direct.base)
    }

    @Test func `a commit is validated beside what the export holds of other units`() throws {
        try applyGlobex()
        try scene.repository.commit(["plans/team.yaml": nil])
        guard case .rejected(let rejection) = try plan(scene.source, unit: "default", export()) else { throw Unexpected() }
        #expect(rejection.text.contains("orgs/globex/@globex/Organization-globex.yaml"), "\(rejection.text)")
    }

    @Test func `a unit that was never applied is planned beside the others`() throws {
        guard case .planned(let plan, _) = try self.plan(source, unit: "globex", export()) else { throw Unexpected() }
        #expect(plan.tally.created == 3 && plan.tally.deleted == 0 && plan.base == nil)
    }

    @Test func `the first format is read where one unit leaves no question, and refused where several do`() throws {
        let single = try older(export())
        guard case .planned(let plan, _) = try self.plan(scene.source, unit: "default", AppliedExport(text: single)) else { throw Unexpected() }
        #expect(plan.isEmpty)
        try applyGlobex()
        let several = try AppliedExport(text: older(export()))
        #expect(throws: DocumentProblem.self) { try self.plan(scene.source, unit: "default", several) }
    }
}
