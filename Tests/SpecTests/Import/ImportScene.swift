import Foundation

@testable import Spec

/// A table imported, and its files read as a repository would be.
struct ImportScene {
    let table: TableImport
    let declarations: Declarations

    init(_ text: String, _ format: ImportFormat, selection: ImportSelection = ImportSelection()) throws {
        let origin = ImportOrigin(
            format: format, fileName: "table.json", date: "2026-11-20", sha256: String(repeating: "0", count: 64))
        table = try TableImport(text, origin, selection: selection)
        declarations = Specification.load(ImportScene.files(of: table))
    }

    static func files(of table: TableImport) -> [SourceFile] {
        table.catalogs.map { SourceFile(path: "catalog/" + $0.path, bytes: Array($0.text.utf8)) }
            + table.providers.map { SourceFile(path: "providers/" + $0.path, bytes: Array($0.text.utf8)) }
    }

    /// One LiteLLM entry named `m`, of the provider `acme`.
    static func litellm(_ fields: String) throws -> ImportScene {
        try ImportScene(#"{"m": {"litellm_provider": "acme"\#(fields.isEmpty ? "" : ", ")\#(fields)}}"#, .litellmPrices)
    }

    /// One models.dev entry named `m`, of the provider `acme`.
    static func modelsDev(_ fields: String) throws -> ImportScene {
        try ImportScene(#"{"acme": {"id": "acme", "env": [], "models": {"m": {"id": "m", \#(fields)}}}}"#, .modelsDev)
    }

    var models: [String: ModelCatalog.Model] {
        var models: [String: ModelCatalog.Model] = [:]
        for resource in declarations.resources.values {
            guard case .modelCatalog(let catalog) = resource.body else { continue }
            for model in catalog.models { models["\(catalog.provider)/\(model.name)"] = model }
        }
        return models
    }

    var errors: [String] {
        declarations.diagnostics.filter { $0.severity == .error }.map { Rendering.text($0) }
    }

    /// The reasons of the report with the fields that they name, `reason field`.
    var reasons: [String] { table.report.items.map { "\($0.reason.rawValue) \($0.pointer)" } }
}

/// Where the tests find tables.
enum ImportTables {
    static func fixture(_ name: String) throws -> String {
        try text(
            at: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .appending(path: "Fixtures/import/\(name)").path)
    }

    /// A file of the repository.
    static func page(_ path: String) throws -> String {
        try text(
            at: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../\(path)").standardized
                .path)
    }

    static func text(at path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    /// The whole public tables, where the environment names them.
    static let wholeLiteLLM = ProcessInfo.processInfo.environment["CHARTER_LITELLM_PRICES"]
    static let wholeModelsDev = ProcessInfo.processInfo.environment["CHARTER_MODELS_DEV"]
}
