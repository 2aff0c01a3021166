import TestKit
import Testing

@testable import Store

@Suite struct RoleGrantsTests {
    private func grants(_ prefix: String = "charter") throws -> RoleGrants {
        try Fixtures.connection().transaction { try RoleGrants($0, prefix: prefix) }
    }

    @Test func `of every table it is said who may write it`() throws {
        #expect(try grants().unknown == [], "new tables belong into TableRights")
    }

    @Test func `the reconciler writes nothing of what runs, others nothing of what is declared, and nobody changes what is only added`() {
        for table in ["usage", "usage_hour", "cell", "delegated_key", "budget_reset", "gateway", "reserved", "answered_call", "epoch", "approval", "override"] {
            #expect(TableRights.all[table]?[.reconciler] == nil, "\(table)")
        }
        for table in ["resource", "lineage", "provenance", "history", "revision", "revision_head", "leader"] {
            #expect(TableRights.all[table]?.keys.filter { $0 != .reconciler } == [], "\(table)")
        }
        for table in ["audit", "usage", "revision", "history", "approval", "budget_reset", "budget_credit"] {
            for (role, rights) in TableRights.all[table] ?? [:] { #expect(rights == ["INSERT"], "\(role) of \(table)") }
        }
    }

    @Test func `roles that are missing are made first, and no statement names a partition`() throws {
        let text = try grants("nobody_has_these").statements
        #expect(text.prefix(3).allSatisfy { $0.hasPrefix("CREATE ROLE nobody_has_these_") && $0.hasSuffix(" NOLOGIN") })
        #expect(text.contains("GRANT INSERT ON charter.usage TO nobody_has_these_gateway"))
        #expect(text.contains("GRANT UPDATE (name) ON charter.unit TO nobody_has_these_services"))
        #expect(!text.contains { $0.contains("usage_2") })
    }

    @Test(arguments: [("charter", true), ("acme_prod2", true), ("", false), ("2x", false), ("Charter", false), ("x;y", false), ("x\"", false), (String(repeating: "a", count: 41), false)])
    func `what would need quoting is no prefix`(text: String, isGood: Bool) {
        #expect(DatabaseRole.isPrefix(text) == isGood)
    }
}
