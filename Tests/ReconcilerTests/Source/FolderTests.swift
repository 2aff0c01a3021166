import Foundation
import Spec
import TestKit
import Testing

@testable import Reconciler

/// A folder of a repository in place of the whole.
struct FolderTests {
    let scene: Scene

    init() throws {
        var files: [String: String] = ["README.md": "# two environments\n", "staging/broken.yaml": "a: [\n"]
        for (path, text) in Declared.platform { files["environments/production/" + path] = text }
        scene = try Scene(files)
    }

    private func apply(_ folder: String) throws -> Subprocess.Outcome { try scene.charter("apply", "--folder", folder) }

    @Test func `applies a folder as if it were the whole repository`() throws {
        let outcome = try apply("environments/production")
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(try scene.sql("SELECT folder FROM charter.unit") == ["environments/production/"])
        #expect(try scene.sql("SELECT DISTINCT path FROM charter.provenance").allSatisfy { !$0.hasPrefix("environments") })
        let again = try apply("environments/production/")
        #expect(again.code == 0, "\(again.errors)")
        #expect(again.output.contains("nothing") || again.output.contains("Nothing"), "\(again.output)")
    }

    @Test func `a commit beside the folder changes nothing, and one in it names its author`() throws {
        #expect(try apply("environments/production").code == 0)
        let before = try scene.sql("SELECT count(*)::text FROM charter.history")
        try scene.repository.commit(["staging/other.yaml": "b: [\n"])
        #expect(try apply("environments/production").code == 0)
        #expect(try scene.sql("SELECT count(*)::text FROM charter.history") == before)
        let path = try #require(Declared.platform.keys.filter { $0.hasPrefix("orgs/") }.min())
        let text = try #require(Declared.platform[path])
        try scene.repository.commit(["environments/production/" + path: "# moved\n" + text], author: "Folder Author <f@x>")
        #expect(try apply("environments/production").code == 0)
    }

    @Test func `a folder that is not there is a mistake and not an empty repository`() throws {
        #expect(try apply("environments/production").code == 0)
        let before = try scene.fingerprint()
        let outcome = try apply("environments/prodution")
        #expect(outcome.code == 1)
        #expect(outcome.errors.contains("has no folder environments/prodution/"), "\(outcome.errors)")
        #expect(try scene.fingerprint() == before)
        try scene.repository.git("rm", "-rq", "environments")
        try scene.repository.commitAll(message: "Remove it all")
        #expect(try apply("environments/production").code == 1)
        #expect(try scene.fingerprint() == before)
    }

    @Test func `annotations name files as the whole repository does`() throws {
        let planned = try scene.charter("plan", "--folder", "environments/production", "--format", "github")
        #expect(planned.output.contains("file=environments/production/"), "\(planned.output) \(planned.errors)")
        try scene.repository.commit(["environments/production/charter.yaml": "a: [\n"])
        let rejected = try scene.charter("plan", "--folder", "environments/production", "--format", "github")
        #expect(rejected.output.contains("file=environments/production/charter.yaml"), "\(rejected.output)")
    }

    @Test(arguments: ["..", "a/../b", "/", ".git", "a/.hidden", "", "a//b"]) func `refuses a folder that leads elsewhere`(text: String) {
        #expect(GitSource.folder(text) == nil)
    }

    @Test func `a history in which the folder comes and goes is walked`() throws {
        let repository = try TestRepository()
        try repository.commit(["a.yaml": "1\n"])
        let made = try repository.commit(["unit/a.yaml": "1\n"])
        let changed = try repository.commit(["unit/b/c.yaml": "1\n"])
        let opened = try GitRepository(at: repository.path, unitFolder: "unit/")
        let tip = try opened.tip(of: #require(BranchName("main")))
        #expect(try opened.files(of: tip).files.map(\.path) == ["a.yaml", "b/c.yaml"])
        let walk = try opened.lastChanges(of: ["a.yaml", "b/c.yaml"], from: tip, downTo: nil)
        #expect(walk.lastChange.mapValues(\.id.hex) == ["a.yaml": made, "b/c.yaml": changed])
        #expect(try opened.authoredPaths(of: #require(ObjectID(hex: made))) == ["a.yaml"])
    }
}
