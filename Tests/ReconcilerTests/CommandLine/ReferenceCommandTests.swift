import Foundation
import TestKit
import Testing

/// `charter codeowners`, `schema` and `explain` as a person calls them.
struct ReferenceCommandTests {
    private let folder: TemporaryDirectory
    private static let example = Programs.root.appending(path: "examples/config-repo").path

    init() throws { folder = try TemporaryDirectory() }

    private func run(_ words: String...) throws -> Subprocess.Outcome {
        try Subprocess.run([Programs.charter] + words, directory: folder.path)
    }

    // MARK: Codeowners

    @Test func `codeowners prints the owners of the example, or writes them`() throws {
        let printed = try run("codeowners", Self.example)
        #expect(printed.code == 0 && printed.errors == "")
        #expect(printed.output.hasPrefix("# Written by `charter codeowners` from the owners in charter.yaml; change them there.\n"))
        #expect(printed.output.contains("\n* @acme/platform-team\n"))
        #expect(printed.output.contains("\n# only Budget; `charter validate` keeps this\n/orgs/acme/budgets/ jo@acme.example @mira-lindqvist\n"))
        let written = try run("codeowners", Self.example, "--output", "CODEOWNERS")
        #expect(written.code == 0 && written.output == "" && written.errors == "")
        #expect(folder.read("CODEOWNERS") == printed.output)
    }

    @Test func `codeowners writes nothing where declarations are wrong or cannot be read`() throws {
        for (path, text) in Declared.platform { try folder.write(text, to: path) }
        let rules = "apiVersion: charter/v1\nkind: Repository\nspec:\n  owners:\n    - { paths: [\"**\"], by: [acme/nobody] }\n"
        try folder.write(rules, to: "charter.yaml")
        let wrong = try run("codeowners", "--output", "CODEOWNERS")
        #expect(wrong.code == 1 && wrong.output == "" && wrong.errors.contains("charter.yaml:5:29: error:"), "\(wrong)")
        try folder.write(rules.replacing("acme/nobody", with: "acme/bot"), to: "charter.yaml")
        try folder.write(
            "apiVersion: charter/v1\nkind: Member\nmetadata: { name: bot }\nspec: { type: service, roles: [admin] }\n", to: "orgs/acme/bot.yaml")
        let nameless = try run("codeowners", "--output", "CODEOWNERS")
        #expect(nameless.code == 1 && nameless.errors.contains("[CH2046]"), "\(nameless)")
        _ = try Subprocess.run(["ln", "-s", "bot.yaml", folder.path + "/orgs/acme/link.yaml"])
        let linked = try run("codeowners", "--output", "CODEOWNERS")
        #expect(linked.code == 1 && linked.errors.contains("orgs/acme/link.yaml:1:1: error: not read"), "\(linked)")
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/CODEOWNERS"))
        #expect(try run("codeowners", "nowhere").code == 3)
        #expect(try run("codeowners", Self.example, "--output", "no/such/folder").code == 3)
    }

    // MARK: Schema

    private func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func `schema prints one kind, all of them, and each form`() throws {
        let key = try run("schema", "apikey")
        #expect(key.code == 0 && key.errors == "")
        #expect(try object(key.output)["$schema"] as? String == "http://json-schema.org/draft-07/schema#")
        #expect(try object(key.output)["title"] as? String == "APIKey")
        let printed = try [["schema"], ["schema", "--defaults"], ["schema", "--inheriting"], ["schema", "APIKey", "--defaults"]].map {
            try Subprocess.run([Programs.charter] + $0).output
        }
        #expect(Set(try printed.map { try object($0)["$id"] as? String }).count == 4)
        let none = try run("schema", "Repository", "--defaults")
        #expect(none.code == 2 && none.errors.contains("a Repository has no defaults"))
    }

    @Test func `schema writes every file that an editor binds`() throws {
        let written = try run("schema", "--output", "made/.schemas")
        #expect(written.code == 0 && written.output == "" && written.errors.contains("schemas into made/.schemas"), "\(written)")
        for name in ["all", "inheriting", "defaults", "APIKey", "Workflow"] {
            #expect(try object(folder.read("made/.schemas/\(name).json"))["$schema"] != nil, "\(name)")
        }
        #expect(folder.read("made/.schemas/all.json") == (try run("schema").output))
        #expect(try run("schema", "APIKey", "--output", "made").code == 2)
        try folder.write("", to: "file")
        #expect(try run("schema", "--output", "file/below").code == 3)
    }

    // MARK: Explain

    @Test func `explain tells of kinds, fields and codes, without colours where nobody looks`() throws {
        #expect(try run("explain").output.contains("RoutingPolicy"))
        #expect(try run("explain", "APIKey").output.contains("limits"))
        #expect(try run("explain", "apikey.limits").output.contains("requests/min"))
        let code = try run("explain", "CH1042")
        #expect(code.code == 0 && code.output.contains("The field does not exist in this place."))
        #expect(!code.output.contains("\u{1b}["))
    }

    @Test(arguments: [("APIKye", "APIKey"), ("APIKey.limts", "limits"), ("CH9999", "CH9999")])
    func `explain answers a word that it does not know by exit code 2`(word: String, meant: String) throws {
        let outcome = try run("explain", word)
        #expect(outcome.code == 2 && outcome.output == "")
        #expect(outcome.errors.contains(meant) && outcome.errors.contains("see charter explain --help"))
    }
}
