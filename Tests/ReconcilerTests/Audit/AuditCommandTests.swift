import Foundation
import Store
import TestKit
import Testing

/// `charter audit` as a person calls it.
struct AuditCommandTests {
    private let scene: Scene

    init() throws {
        scene = try Scene()
        try scene.apply()
    }

    @discardableResult
    private func append(_ subject: String, _ tenancy: Tenancy = .organization("acme"), detail: String = #"{"a":1}"#) throws -> AuditHead {
        try Connection(scene.database).transaction {
            try Audit.append($0, tenancy, actor: "ada", action: "budget.reset", subject: subject, detail: detail)
        }
    }

    private func tamper(_ sql: String) throws {
        try scene.sql("ALTER TABLE charter.audit DISABLE TRIGGER audit_is_only_added")
        try scene.sql(sql)
    }

    @Test func `a record that nobody touched is intact, and holds the heads that were logged`() throws {
        let applied = try Connection(scene.database).transaction { try Audit.head($0) }
        let act = try scene.charter("suspend", "--reason", "moving house")
        #expect(act.code == 0)
        let line = try #require(act.errors.split(separator: "\n").first { $0.hasPrefix("audit head sequence=2 hash=") })
        let logged = "2:" + line.dropFirst("audit head sequence=2 hash=".count)
        let outcome = try scene.charter("audit", "verify", "--head", logged, "--head", applied.description)
        #expect(outcome.code == 0, "\(outcome)")
        #expect(outcome.output.contains("The audit is intact: 2 acts, head \(logged).") && outcome.output.contains("The 2 heads that were given are links"))
        let json = try scene.charter("audit", "verify", "--json", "--head", logged).output
        #expect(json.hasPrefix(#"{"format":1,"intact":true,"count":2,"head":"\#(logged)","proved":1}"#), "\(json)")
        #expect(!outcome.errors.contains("audit head"), "looking is no act: \(outcome.errors)")
    }

    @Test(arguments: [
        ("UPDATE charter.audit SET actor = 'eve' WHERE sequence = 2", "broken at act 2: the row was changed", "changed"),
        ("DELETE FROM charter.audit WHERE sequence IN (2, 3)", "broken at act 2: the rows 2 to 3 are missing", "missing"),
        ("UPDATE charter.audit_head SET hash = sha256('x')", "broken at act 4: the rows end in another way", "head_differs"),
    ])
    func `a broken record is named by its row, by an exit code of its own`(sql: String, sentence: String, fault: String) throws {
        for subject in ["one", "two", "three"] { try append(subject) }
        try tamper(sql)
        let outcome = try scene.charter("audit", "verify")
        #expect(outcome.code == 2 && outcome.output.contains(sentence), "\(outcome)")
        let json = try scene.charter("audit", "verify", "--json")
        #expect(json.code == 2 && json.output.contains(#""intact":false"#) && json.output.contains(#""fault":"\#(fault)""#), "\(json)")
    }

    @Test func `a record that was cut off is whole by itself, and not to whoever kept a head`() throws {
        try append("one")
        let head = try append("two")
        try tamper("DELETE FROM charter.audit WHERE sequence = 3")
        try scene.sql("UPDATE charter.audit_head SET (sequence, hash) = (SELECT sequence, hash FROM charter.audit WHERE sequence = 2)")
        #expect(try scene.charter("audit", "verify").code == 0)
        let outcome = try scene.charter("audit", "verify", "--head", head.description)
        #expect(outcome.code == 2 && outcome.output.contains("broken at act 3: the head that was logged names this act, and the chain ends"), "\(outcome)")
    }

    @Test func `acts are listed in pages, the newest first, and apart for each organization`() throws {
        for subject in ["one", "two", "three"] { try append(subject) }
        try append("theirs", .organization("globex"))
        let page = try scene.charter("audit", "list", "acme", "--limit", "2")
        #expect(page.code == 0, "\(page)")
        #expect(page.output.contains("three") && page.output.contains(#"{"a":1}"#) && page.output.contains("Older ones: --before 3"))
        #expect(!page.output.contains("theirs") && !page.output.contains("  one"), "\(page.output)")
        let rest = try scene.charter("audit", "list", "acme", "--before", "3", "--json").output
        #expect(rest.contains(#""subject":"one""#) && rest.contains(#""next":null"#) && !rest.contains("three"), "\(rest)")
        let all = try scene.charter("audit", "list").output
        #expect(all.contains("theirs") && all.contains("revision.applied"), "\(all)")
        #expect(try scene.charter("audit", "list", "nobody").output == "No acts.\n")
    }

    @Test func `what a tampered row holds does not steer a terminal`() throws {
        try append("one")
        try tamper("UPDATE charter.audit SET subject = E'\\u001b[2Jgone' WHERE sequence = 2")
        #expect(try !scene.charter("audit", "list").output.contains("\u{1b}"))
    }

    @Test func `an export has every act from the first on, from which its hash can be computed, and no formula`() throws {
        try append("=1+1", detail: #"{"a":"x, \"y\""}"#)
        try append("theirs", .organization("globex"))
        let lines = try scene.charter("audit", "export").output.split(separator: "\n")
        #expect(lines.count == 3)
        let act = try #require(try JSONSerialization.jsonObject(with: Data(lines[1].utf8)) as? [String: Any])
        #expect(act["detail"] as? String == #"{"a":"x, \"y\""}"#)
        #expect(try [act["hash"] as? String] == scene.sql("SELECT encode(hash, 'hex') FROM charter.audit WHERE sequence = 2"))
        let csv = try scene.charter("audit", "export", "acme", "--format", "csv").output.split(separator: "\n")
        #expect(csv.count == 2 && csv[0] == "sequence,at,org,actor,action,subject,detail,previous,hash")
        #expect(csv[1].hasPrefix("2,2") && csv[1].contains(#",acme,ada,budget.reset,'=1+1,"{""a"":""x, \""y\""""}","#), "\(csv[1])")
    }

    @Test(arguments: [
        (["audit"], "audit knows verify, list [ORG] and export [ORG]"), (["audit", "verify", "acme"], "audit knows verify"),
        (["audit", "verify", "--head", "7"], "--head \"7\" is not a head"), (["audit", "verify", "--limit", "3"], "audit verify takes no --limit"),
        (["audit", "list", "--limit", "0"], "--limit \"0\""), (["audit", "list", "--limit", "1001"], "too many"),
        (["audit", "export", "--format", "xml"], "--format \"xml\" is not known"), (["audit", "export", "--json"], "audit export takes no --json"),
    ])
    func `a wrong command line never looks like a broken record`(words: [String], message: String) throws {
        let outcome = try scene.charter(words)
        #expect(outcome.code == 1 && outcome.errors.contains(message), "\(outcome)")
    }
}
