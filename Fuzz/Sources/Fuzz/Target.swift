@testable internal import Spec

/// What is fuzzed: one input is tried on it, and a property that does not hold ends the process.
enum Target: String, CaseIterable {
    /// The YAML reader alone.
    case yaml
    /// A whole file: read, decoded, validated.
    case file
    /// A resource's canonical form, as a row of the database may hold it after a hand touched it.
    case canonical

    /// What libFuzzer calls: a C function, which can carry nothing with it, so there is one for each.
    var entry: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt {
        switch self {
        case .yaml: { Target.yaml.check(UnsafeBufferPointer(start: $0, count: $1)) }
        case .file: { Target.file.check(UnsafeBufferPointer(start: $0, count: $1)) }
        case .canonical: { Target.canonical.check(UnsafeBufferPointer(start: $0, count: $1)) }
        }
    }

    private func check(_ input: UnsafeBufferPointer<UInt8>) -> CInt {
        check(Array(input))
        return 0
    }

    private func check(_ bytes: [UInt8]) {
        switch self {
        case .yaml: checkYAML(SourceFile(path: "a.yaml", bytes: bytes))
        case .file:
            for path in ["orgs/acme/x.yaml", "charter.yaml"] { checkFile(SourceFile(path: path, bytes: bytes)) }
        case .canonical: checkCanonical(bytes)
        }
    }

    private func checkYAML(_ file: SourceFile) {
        let reader = YAMLReader(path: file.path, bytes: file.bytes)
        Property.isPlaced(reader.diagnostics, in: file)
        Property.require(!reader.isIncomplete || !reader.diagnostics.isEmpty, "what could not be read is reported")
    }

    private func checkFile(_ file: SourceFile) {
        let declarations = Specification.load([file], now: Target.now)
        Property.isPlaced(declarations.diagnostics, in: file)
        for resource in declarations.resources.values { Property.isCanonical(resource) }
        if !declarations.hasErrors { Property.refusesUnknownFields(in: file) }
    }

    /// The first byte chooses the kind, the rest is the text.
    private func checkCanonical(_ bytes: [UInt8]) {
        guard let first = bytes.first else { return }
        let kind = Target.kinds[Int(first) % Target.kinds.count]
        let text = String(decoding: bytes.dropFirst(), as: UTF8.self)
        // What is wrong is thrown; what is right has a canonical form that is its own.
        let key = ResourceKey(org: kind.mayBelongToOrganization ? "acme" : nil, kind: kind, name: "it")
        if let resource = try? Resource.decode(key: key, canonical: text) { Property.isCanonical(resource) }
        let fields = CanonicalFields(of: text)
        if fields.isExact { Property.require(fields.text == text, "put together again: \(text)") }
    }

    /// In the order of their names, so that a corpus keeps its meaning when a kind is added at the end.
    static let kinds = Kind.allCases.sorted { $0.rawValue < $1.rawValue }

    /// In 2027, between the dates of the seeds.
    private static let now = Instant(milliseconds: 1_800_000_000_000)
}
