import Foundation
import Testing

@testable import Spec

/// What `--base` judges, held against what the whole would be told.
///
/// `CHARTER_SELECTION_ROUNDS` does more of it; every failure names its seed and round.
@Suite struct SelectionTests {
    static let rounds = ProcessInfo.processInfo.environment["CHARTER_SELECTION_ROUNDS"].flatMap { Int($0) } ?? 60

    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64]) func `a change is told what the whole would be told of it`(
        seed: UInt64
    ) throws {
        var random = SplitMix(state: seed)
        for round in 0..<Self.rounds {
            let before = MadeUpRepository(using: &random).files
            var after = before
            let paths = Edit.some(on: &after, using: &random)
            let changes = FileChanges(paths: paths, before: before.filter { paths.contains($0.path) })
            // As a long-lived process has it: read before the change, and brought up to date.
            var corpus = Corpus(before)
            corpus.update(
                written: after.filter { paths.contains($0.path) }, removed: paths.subtracting(after.map(\.path)))
            let quick = Selection(of: changes, in: corpus, narrowing: true, smallFolder: round % 2 == 0 ? 0 : 40)
            let whole = Selection(of: changes, in: Corpus(after), narrowing: false)
            let name = "seed \(seed), round \(round)"
            #expect(quick.concerned == whole.concerned, "\(name)")
            let told = Self.findings(quick, like: quick)
            let wanted = Self.findings(whole, like: quick)
            #expect(told.own == wanted.own, "\(name): \(paths.sorted())")
            #expect(Set(told.inherited).isSubset(of: wanted.inherited), "\(name)")
        }
    }

    /// What is told of the concerned files, and of the defaults above them, which speak for files of both kinds.
    private static func findings(_ selection: Selection, like part: Selection) -> (own: [String], inherited: [String]) {
        let concerned = Set(part.concerned)
        let all = Specification.compose(selection, now: Instant(milliseconds: 1_795_000_000_000)).diagnostics
            .filter { part.isWhole || $0.code != .namesAlike }
        func isInherited(_ diagnostic: Diagnostic) -> Bool {
            let path = diagnostic.place?.path ?? ""
            return SourceFile.holdsFolderDefaults(path) && !concerned.contains(path)
        }
        return (
            all.filter { !isInherited($0) }.map { Rendering.text($0) },
            all.filter(isInherited).map { Rendering.text($0) }
        )
    }

    // MARK: By hand

    private let files = [
        SourceFile("orgs/acme/org.yaml", resource("Organization", "acme", "displayName: Acme")),
        SourceFile("orgs/acme/members.yaml", resource("Member", "sam", "email: sam@acme.example, roles: [developer]")),
        SourceFile("orgs/acme/search.yaml", resource("Project", "search", "displayName: Search")),
        SourceFile("orgs/acme/shop.yaml", resource("Project", "shop", "displayName: Shop")),
        SourceFile("orgs/acme/k1.yaml", resource("APIKey", "k1", "owner: sam, project: search, scopes: [chat]")),
        SourceFile("orgs/acme/k2.yaml", resource("APIKey", "k2", "owner: sam, project: shop, scopes: [chat]")),
        SourceFile("orgs/acme/b.yaml", resource("Budget", "b", "for: { key: k1 }, hard: 5 USD/month")),
        SourceFile("scopes.yaml", resource("Scope", "chat", "endpoints: [chat.completions]")),
    ]

    private static func resource(_ kind: String, _ name: String, _ spec: String) -> String {
        "apiVersion: charter/v1\nkind: \(kind)\nmetadata: { name: \(name) }\nspec: { \(spec) }\n"
    }

    private func select(without removed: String? = nil, editing path: String, to text: String? = nil) -> Selection {
        var after = files.filter { $0.path != removed }
        if let text { after = after.filter { $0.path != path } + [SourceFile(path, text)] }
        let paths: Set<String> = [removed ?? path]
        return Selection(
            of: FileChanges(paths: paths, before: files.filter { paths.contains($0.path) }), in: Corpus(after),
            narrowing: true, smallFolder: 0)
    }

    @Test func `what names a resource that was edited is concerned, and what names that`() {
        let selection = select(editing: "orgs/acme/search.yaml")
        #expect(selection.concerned == ["orgs/acme/b.yaml", "orgs/acme/k1.yaml", "orgs/acme/search.yaml"])
        #expect(!selection.files.map(\.path).contains("orgs/acme/k2.yaml"))
    }

    @Test func `what named a resource that is gone is told so, with what else there is`() throws {
        let selection = select(without: "orgs/acme/search.yaml", editing: "orgs/acme/search.yaml")
        let found = Specification.compose(selection).diagnostics.filter { $0.severity == .error }
        let only = try #require(found.first)
        #expect(found.count == 1 && only.code == .referenceDangling && only.place?.path == "orgs/acme/k1.yaml")
        #expect(only.hint == "one of: `shop`")
    }

    @Test func `a name written with escapes is found all the same`() {
        let escaped = Self.resource("APIKey", "k9", #"owner: "s\x61m", project: shop, scopes: [chat]"#)
        let before = files + [SourceFile("orgs/acme/k9.yaml", escaped)]
        let changes = FileChanges(paths: ["orgs/acme/members.yaml"], before: [before[1]])
        let selection = Selection(of: changes, in: Corpus(before), narrowing: true, smallFolder: 0)
        #expect(selection.concerned.contains("orgs/acme/k9.yaml"))
    }

    @Test func `a second resource of the same name, or with the same secret, is concerned`() {
        let digest = String(repeating: "Ab", count: 32)
        func key(_ name: String, _ digest: String) -> String {
            Self.resource("APIKey", name, "owner: sam, scopes: [chat], secrets: [{ sha256: \(digest) }]")
        }
        let others = [
            SourceFile("orgs/acme/x.yaml", key("x", digest)),
            SourceFile("orgs/acme/z.yaml", key("z", digest.lowercased())),
            SourceFile("orgs/acme/twin.yaml", key("y", digest.uppercased())),
        ]
        let touched = SourceFile("orgs/acme/y.yaml", key("y", String(digest.reversed())))
        let changes = FileChanges(paths: ["orgs/acme/y.yaml"], before: [])
        let selection = Selection(of: changes, in: Corpus(files + others + [touched]), narrowing: true, smallFolder: 0)
        #expect(selection.concerned == ["x", "z", "twin", "y"].sorted().map { "orgs/acme/\($0).yaml" })
    }

    @Test func `an organization that loses its last admin is told so, though it does not name its members`() {
        let admin = SourceFile(
            "orgs/acme/ada.yaml", Self.resource("Member", "ada", "email: a@x.example, roles: [admin]"))
        let changes = FileChanges(paths: [admin.path], before: [admin])
        let selection = Selection(of: changes, in: Corpus(files), narrowing: true, smallFolder: 0)
        let found = Specification.compose(selection).diagnostics
        #expect(found.contains { $0.code == .adminMissing && $0.place?.path == "orgs/acme/org.yaml" })
        #expect(!selection.concerned.contains("orgs/acme/k1.yaml"))
    }

    @Test func `members who are known by one value are both told, though neither names the other`() {
        let eve = SourceFile("orgs/acme/eve.yaml", Self.resource("Member", "eve", "email: SAM@acme.example, roles: [developer]"))
        let changes = FileChanges(paths: [eve.path], before: [])
        let selection = Selection(of: changes, in: Corpus(files + [eve]), narrowing: true, smallFolder: 0)
        let found = Specification.compose(selection).diagnostics.filter { $0.code == .identityShared }
        #expect(found.compactMap { $0.place?.path }.sorted() == [eve.path, "orgs/acme/members.yaml"])
    }

    @Test func `a budget that makes another one pointless is told so at the other`() {
        let others = [
            SourceFile(
                "orgs/acme/team.yaml", Self.resource("Budget", "team", "for: { project: search }, hard: 9 USD/month"))
        ]
        let whole = SourceFile(
            "orgs/acme/all.yaml", Self.resource("Budget", "all", "for: { organization: true }, hard: 7 USD/month"))
        let changes = FileChanges(paths: [whole.path], before: [])
        let selection = Selection(of: changes, in: Corpus(files + others + [whole]), narrowing: true, smallFolder: 0)
        let found = Specification.compose(selection).diagnostics
        #expect(found.contains { $0.code == .budgetAboveParent && $0.place?.path == "orgs/acme/team.yaml" })
    }

    // MARK: Owners

    /// The files above, whose organization hana of globex owns, but for one group: as a clerk she has a right that no role of hers gives.
    private var owned: [SourceFile] {
        let rules = "owners: [{ paths: [orgs/acme/*.yaml], by: [globex/hana] }, { paths: [orgs/acme/leads.yaml] }]"
        return files + [
            SourceFile("charter.yaml", "apiVersion: charter/v1\nkind: Repository\nspec: { \(rules) }\n"),
            SourceFile("ops.yaml", Self.resource("Scope", "ops", "endpoints: [], permissions: [config.write]")),
            SourceFile("orgs/acme/bots.yaml", Self.resource("Member", "bot", "email: b@acme.example, roles: [finance]")),
            SourceFile("orgs/acme/eve.yaml", Self.resource("Member", "eve", "email: e@acme.example, roles: [developer]")),
            SourceFile("orgs/acme/k3.yaml", Self.resource("APIKey", "k3", "owner: eve, scopes: [ops]")),
            SourceFile("orgs/acme/leads.yaml", Self.resource("Member", "leads", "type: group, members: [sam], roles: [admin]")),
            SourceFile("orgs/globex/all.yaml", Self.resource("Project", "all", "displayName: All")),
            SourceFile("orgs/globex/clerk.yaml", Self.resource("Role", "clerk", "permissions: [], inherits: [finance]")),
            SourceFile("orgs/globex/clerks.yaml", Self.resource("Member", "clerks", "type: group, members: [hana], roles: [clerk]")),
            SourceFile("orgs/globex/hana.yaml", Self.resource("Member", "hana", "email: h@globex.example, roles: [developer]")),
            SourceFile("orgs/globex/org.yaml", Self.resource("Organization", "globex", "displayName: Globex")),
        ]
    }

    private static func errors(_ declarations: Declarations) -> [DiagnosticCode] {
        declarations.diagnostics.filter { $0.severity == .error }.map(\.code)
    }

    /// What the quick way tells of a file that is written, or removed, in a repository without a mistake: the same as the whole is told.
    private func told(of path: String, _ text: String?) -> [DiagnosticCode] {
        #expect(Self.errors(Specification.load(owned)) == [])
        let after = owned.filter { $0.path != path } + (text.map { [SourceFile(path, $0)] } ?? [])
        let changes = FileChanges(paths: [path], before: owned.filter { $0.path == path })
        let selection = Selection(of: changes, in: Corpus(after), narrowing: true, smallFolder: 0)
        let told = Self.errors(Specification.compose(selection))
        #expect(told == Self.errors(Specification.load(after)))
        return told
    }

    @Test func `rights are held against those of owners of another organization, whatever size it has`() {
        let bot = { (roles: String) in Self.resource("Member", "bot", "email: b@acme.example, roles: [\(roles)]") }
        #expect(told(of: "orgs/acme/bots.yaml", bot("finance, developer")) == [])
        #expect(told(of: "orgs/acme/bots.yaml", bot("admin")) == [.grantAboveOwners])
        #expect(told(of: "orgs/acme/boss.yaml", Self.resource("Role", "boss", "permissions: [config.write]")) == [.grantAboveOwners])
    }

    @Test func `a key's owner has the rights of the groups around it, which the key does not name`() {
        let key = { (owner: String, scope: String) in Self.resource("APIKey", "k3", "owner: \(owner), scopes: [\(scope)]") }
        #expect(told(of: "orgs/acme/k3.yaml", key("sam", "chat")) == [])
        #expect(told(of: "orgs/acme/k3.yaml", key("sam", "ops")) == [.grantAboveOwners])
        let leads = Self.resource("Member", "leads", "type: group, members: [eve, sam], roles: [admin]")
        #expect(told(of: "orgs/acme/leads.yaml", leads) == [.grantAboveOwners])
    }

    @Test func `what owners have no more is told where it is given, and the rules are told of one who is gone`() {
        #expect(told(of: "orgs/globex/clerk.yaml", Self.resource("Role", "clerk", "permissions: [], inherits: [viewer]")) == [.grantAboveOwners])
        let hana = Self.resource("Member", "hana", "email: h@globex.example, roles: [viewer]")
        #expect(Set(told(of: "orgs/globex/hana.yaml", hana)) == [.grantAboveOwners])
        #expect(Set(told(of: "orgs/globex/hana.yaml", nil)) == [.ruleOwnerUnknown, .referenceDangling])
        // Where owners are as before, nothing but the change is concerned.
        let changes = FileChanges(paths: ["orgs/globex/all.yaml"], before: [])
        #expect(Selection(of: changes, in: Corpus(owned), narrowing: true, smallFolder: 0).concerned == ["orgs/globex/all.yaml"])
    }

    @Test func `a catalog concerns everything, since patterns and empty rules choose among all models`() {
        let catalog = Self.resource("ModelCatalog", "c", "provider: p, models: { m: {} }")
        let selection = select(editing: "catalog.yaml", to: catalog)
        #expect(selection.concerned.count == files.count + 1)
    }
}
