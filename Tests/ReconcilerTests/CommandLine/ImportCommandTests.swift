import Foundation
import TestKit
import Testing

/// `charter import` as a person calls it, on a cut of the public tables.
struct ImportCommandTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    private static func table(_ name: String) -> String {
        Programs.root.appending(path: "Tests/SpecTests/Fixtures/import/\(name)").path
    }

    private func run(_ words: String...) throws -> Subprocess.Outcome {
        try Subprocess.run([Programs.charter] + words, directory: folder.path)
    }

    private func files() throws -> [String: String] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.contains(".") }
        return Dictionary(uniqueKeysWithValues: paths.map { ($0, folder.read($0)) })
    }

    @Test(arguments: [("litellm-prices", "litellm-prices.json"), ("models-dev", "models-dev.json")])
    func `writes catalogs and providers that validate, and a report`(format: String, name: String) throws {
        let outcome = try run(
            "import", format, Self.table(name), "--providers", "providers", "--report", "report.jsonl", "--as-of",
            "2026-11-20")
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.errors == "")
        #expect(outcome.output.hasPrefix("Wrote "))
        #expect(outcome.output.contains("Carried, to know:"))
        let openai = folder.read("catalog/openai.yaml")
        #expect(openai.contains("# Imported by `charter import \(format)` from \(name) of 2026-11-20,\n# SHA-256 "))
        #expect(folder.read("providers/openai.yaml").contains("baseURL: https://api.openai.com/v1"))
        #expect(folder.read("report.jsonl").contains(#""reason":"rounded""#))
        let check = try run("validate", ".")
        #expect(check.code == 0, "\(check.output)")
        #expect(check.output.contains("0 errors"))
    }

    @Test func `writes over nothing unless told to, and then the same bytes`() throws {
        let words = ["import", "litellm-prices", Self.table("litellm-prices.json"), "--providers", "providers"]
        func again(_ more: String...) throws -> Subprocess.Outcome {
            try Subprocess.run([Programs.charter] + words + more, directory: folder.path)
        }
        #expect(try again().code == 0)
        let before = try files()
        try folder.write("mine\n", to: "catalog/openai.yaml")
        try folder.write("mine too\n", to: "providers/openai.yaml")
        let refused = try again()
        #expect(refused.code == 1)
        #expect(refused.errors.contains("would be written over; nothing was written"))
        #expect(refused.errors.contains("--force"))
        #expect(folder.read("catalog/openai.yaml") == "mine\n")

        let forced = try again("--force")
        #expect(forced.code == 0)
        #expect(forced.output.contains("were there already and are as they were"))
        // A Provider is finished by hand, and no import takes that back.
        #expect(folder.read("providers/openai.yaml") == "mine too\n")
        try folder.write(before["providers/openai.yaml"] ?? "", to: "providers/openai.yaml")
        #expect(try files() == before)
    }

    @Test func `a rehearsal writes nothing`() throws {
        let outcome = try run(
            "import", "models-dev", Self.table("models-dev.json"), "--dry-run", "--only", "openai", "--match",
            "*/gpt-5*")
        #expect(outcome.code == 0)
        #expect(outcome.output.hasPrefix("Would write "))
        #expect(try files().isEmpty)
    }

    @Test func `leaves nothing half written where a folder cannot be made`() throws {
        try folder.write("a file\n", to: "in/the.way")
        let outcome = try run(
            "import", "models-dev", Self.table("models-dev.json"), "--output", "out", "--providers",
            "in/the.way/providers")
        #expect(outcome.code == 1)
        #expect(outcome.errors.contains("cannot make the folder"))
        #expect(try files().keys.sorted() == ["in/the.way"])
    }

    @Test(arguments: [
        (["import"], 2, "a format and a file are wanted"),
        (["import", "litellm-price", "x"], 2, "did you mean litellm-prices?"),
        (["import", "litellm-prices", "x", "--as-of", "today"], 2, "is not a date"),
        (["import", "litellm-prices", "no-such-file"], 1, "cannot read no-such-file: No such file"),
        (["import", "litellm-prices", "text"], 1, "text: it is not JSON"),
        (["import", "models-dev", "bytes"], 1, "bytes is not UTF-8"),
    ])
    func `says why nothing came of it`(words: [String], code: Int32, message: String) throws {
        try folder.write("hello", to: "text")
        try Data([0x22, 0xFF, 0x22]).write(to: URL(filePath: folder.path + "/bytes"))
        let outcome = try Subprocess.run([Programs.charter] + words, directory: folder.path)
        #expect(outcome.code == code)
        #expect(outcome.errors.contains(message), "\(outcome.errors)")
        #expect(outcome.output == "")
    }
}
