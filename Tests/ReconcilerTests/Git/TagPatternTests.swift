import Testing

@testable import Reconciler

struct TagPatternTests {
    private func highest(_ pattern: String, _ names: [String]) throws -> String? {
        try #require(TagPattern(pattern)).highest(of: names)
    }

    @Test(arguments: [
        ("v*", ["v1.9.0", "v1.10.0", "v1.2.0"], "v1.10.0"), ("v*", ["v2.0.0-rc1", "v1.9.9"], "v1.9.9"),
        ("v*-rc*", ["v2.0.0-rc1", "v2.0.0-rc.10", "v2.0.0-rc.9"], "v2.0.0-rc1"), ("v1.*", ["v2.0.0", "v1.4.1", "v1.4.10"], "v1.4.10"),
        ("release-*", ["release-9", "release-10", "v11", "release-next"], "release-10"), ("*", ["v1.2", "1.10", "latest"], "1.10"),
        ("prod/*", ["prod/2026.11.3", "prod/2026.9.30", "dev/2027.1.1"], "prod/2026.11.3"), ("v1.0.0", ["v1.0.0", "v2.0.0"], "v1.0.0"),
        ("v*", ["v1.0.0", "v1.0"], "v1.0.0"), ("v*", ["v1.0.0+build.1", "v1.0.0"], "v1.0.0+build.1"), ("v*", ["v", "vnext", "v1.x"], nil),
        ("v*", ["v18446744073709551616.0", "v3"], "v3"), ("x*", ["v1"], nil),
    ] as [(String, [String], String?)]) func `chooses the tag with the highest version`(pattern: String, names: [String], chosen: String?) throws {
        #expect(try highest(pattern, names) == chosen)
        #expect(try highest(pattern, names.reversed()) == chosen)
    }

    @Test func `versions are ordered as semver orders them`() throws {
        let names = [
            "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0",
        ]
        let versions = try names.map { try #require(TagVersion($0)) }
        #expect(versions.shuffled().sorted() == versions)
    }

    @Test(arguments: ["", "v *", "-v*", "v..*", "v*/", "/v*", "v*.lock", "v:*", "v^{}"]) func `refuses a pattern that could mean something else`(text: String) {
        #expect(TagPattern(text) == nil)
    }

    @Test func `a star stands for any run of characters`() throws {
        let pattern = try #require(TagPattern("a*b*c"))
        #expect(pattern.matches("abc"))
        #expect(pattern.matches("aXbYc"))
        #expect(pattern.matches("abbcc"))
        #expect(!pattern.matches("acb"))
        #expect(!pattern.matches("abcd"))
    }
}
