import Testing

/// The rules held against this repository.
struct HouseRulesTests {
    let sources: [SourceFile]
    let everything: [SourceFile]
    let manifest: PackageManifest

    /// Read once for all tests.
    private static let files = Result { try SourceTree.swiftFiles(under: ["Sources", "Tests"]) }

    init() throws {
        everything = try Self.files.get()
        sources = everything.filter { $0.target != nil }
        manifest = PackageManifest(try SourceTree.text(of: "Package.swift"))
    }

    @Test func `every import follows the levels, and each C module stays in its folder`() {
        #expect(sources.flatMap(ImportRules.violations) == [])
    }

    @Test func `Package swift grants no dependency that the levels forbid, and no package`() {
        #expect(manifest.violations(of: ImportRules.edges) == [])
        #expect(!manifest.usesPackages)
    }

    @Test func `Package swift and the rules know the same targets`() {
        #expect(Set(manifest.dependencies.keys) == Set(ImportRules.edges.keys))
    }

    @Test func `the gateway's executable links no Git`() {
        #expect(ImportRules.forbiddenReach(over: manifest.dependencies) == [])
    }

    @Test func `every way round the compiler says why`() {
        #expect(sources.flatMap(EscapeHatches.violations) == [])
    }

    @Test func `type names say something and hide no module`() {
        let modules = Set(ImportRules.edges.keys)
        #expect(sources.flatMap { NamingRules.violations(in: $0, modules: modules) } == [])
    }

    @Test func `no file is longer than one noun needs`() {
        #expect(everything.flatMap(SizeRule.violations) == [])
    }

    @Test func `targets share declarations as package`() {
        #expect(sources.flatMap(AccessRule.violations) == [])
    }
}
