import Foundation
import Testing

@testable import Spec

/// What holds for every table whole: here for cuts of the public ones, and for those themselves where the environment
/// names them.
struct TableImportTests {
    enum Table: String, CaseIterable, CustomTestStringConvertible {
        case litellm, modelsDev

        var format: ImportFormat { self == .litellm ? .litellmPrices : .modelsDev }
        var fixture: String { self == .litellm ? "litellm-prices.json" : "models-dev.json" }
        var whole: String? { self == .litellm ? ImportTables.wholeLiteLLM : ImportTables.wholeModelsDev }
        var testDescription: String { rawValue }
    }

    @Test(arguments: Table.allCases)
    func `what is imported of a cut has no error, and every value is accounted for`(_ table: Table) throws {
        try check(ImportTables.fixture(table.fixture), table.format)
    }

    @Test(
        .enabled(if: ImportTables.wholeLiteLLM != nil, "CHARTER_LITELLM_PRICES names no table"),
        .timeLimit(.minutes(5)))
    func `LiteLLM's whole table imports`() throws {
        let scene = try check(ImportTables.text(at: try #require(ImportTables.wholeLiteLLM)), .litellmPrices)
        #expect(scene.table.modelCount > 4000)
    }

    @Test(
        .enabled(if: ImportTables.wholeModelsDev != nil, "CHARTER_MODELS_DEV names no table"), .timeLimit(.minutes(5)))
    func `models dev's whole table imports`() throws {
        let scene = try check(ImportTables.text(at: try #require(ImportTables.wholeModelsDev)), .modelsDev)
        #expect(scene.table.modelCount > 2000)
    }

    @discardableResult
    private func check(_ text: String, _ format: ImportFormat) throws -> ImportScene {
        let scene = try ImportScene(text, format)
        #expect(scene.errors == [])
        let models = scene.models
        #expect(models.count == scene.table.modelCount)
        let problems = try Accounting(text, format, scene).problems(in: models)
        #expect(problems.prefix(20) == [])
        return scene
    }

    @Test(arguments: Table.allCases)
    func `the same table makes the same bytes`(_ table: Table) throws {
        let text = try ImportTables.fixture(table.fixture)
        let (once, again) = (try ImportScene(text, table.format), try ImportScene(text, table.format))
        #expect(once.table.catalogs == again.table.catalogs)
        #expect(once.table.providers == again.table.providers)
        #expect(once.table.report.jsonLines == again.table.report.jsonLines)
    }

    @Test func `each file says where it came from`() throws {
        let file = try #require(try ImportScene.litellm("").table.catalogs.first)
        #expect(file.path == "acme.yaml")
        #expect(
            file.text.hasPrefix(
                """
                # Imported by `charter import litellm-prices` from table.json of 2026-11-20,
                # SHA-256 0000000000000000000000000000000000000000000000000000000000000000. Import again rather than edit.
                apiVersion: charter/v1
                kind: ModelCatalog
                metadata: { name: acme }
                """))
    }
}
