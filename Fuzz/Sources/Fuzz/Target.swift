internal import Driver

@testable internal import Spec

/// What is fuzzed: one input is tried on it, and a property that does not hold ends the process.
enum Target: String, CaseIterable {
    /// The YAML reader alone.
    case yaml
    /// A whole file: read, decoded, validated.
    case file
    /// A resource's canonical form, as a row of the database may hold it after a hand touched it.
    case canonical
    /// A foreign table of models and prices, in each format.
    case table
    /// An expression of a workflow, alone, in a template and in the texts of a document.
    case expression

    /// What libFuzzer calls: there is one for each.
    var entry: Fuzzing.Entry {
        switch self {
        case .yaml: { Target.yaml.check(UnsafeBufferPointer(start: $0, count: $1)) }
        case .file: { Target.file.check(UnsafeBufferPointer(start: $0, count: $1)) }
        case .canonical: { Target.canonical.check(UnsafeBufferPointer(start: $0, count: $1)) }
        case .table: { Target.table.check(UnsafeBufferPointer(start: $0, count: $1)) }
        case .expression: { Target.expression.check(UnsafeBufferPointer(start: $0, count: $1)) }
        }
    }

    private func check(_ input: UnsafeBufferPointer<UInt8>) -> CInt {
        check(Array(input))
        return 0
    }

    private func check(_ bytes: [UInt8]) {
        switch self {
        case .yaml: checkYAML(SourceFile(path: "a.yaml", bytes: bytes))
        case .file: checkFile(bytes)
        case .canonical: checkCanonical(bytes)
        case .table: checkTable(String(decoding: bytes, as: UTF8.self))
        case .expression: ExpressionTarget(String(decoding: bytes, as: UTF8.self)).check()
        }
    }

    private func checkYAML(_ file: SourceFile) {
        let reader = YAMLReader(path: file.path, bytes: file.bytes)
        Property.isPlaced(reader.diagnostics, in: [file])
        Property.require(!reader.isIncomplete || !reader.diagnostics.isEmpty, "what could not be read is reported")
    }

    /// What stands before a line `#---` are the defaults of the folder.
    private func checkFile(_ bytes: [UInt8]) {
        guard let mark = bytes.firstRange(of: Target.mark) else {
            for path in ["orgs/acme/x.yaml", "charter.yaml"] { check([SourceFile(path: path, bytes: bytes)]) }
            return
        }
        check([
            SourceFile(path: "orgs/acme/_defaults.yaml", bytes: Array(bytes[..<mark.lowerBound])),
            SourceFile(path: "orgs/acme/x.yaml", bytes: Array(bytes[mark.upperBound...])),
        ])
    }

    func check(_ files: [SourceFile]) {
        let declarations = Specification.load(files, now: Target.now)
        Property.isPlaced(declarations.diagnostics, in: files)
        for resource in declarations.resources.values { Property.isCanonical(resource) }
        guard !declarations.hasErrors else { return }
        for file in files where !file.isFolderDefaults {
            Property.refusesUnknownFields(in: file, under: FolderDefaults(files))
        }
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

    private func checkTable(_ text: String) {
        for format in ImportFormat.allCases {
            let origin = ImportOrigin(format: format, fileName: "table.json", date: nil, sha256: "00")
            guard let table = try? TableImport(text, origin) else { continue }
            Property.require(table.mistakes.isEmpty, Rendering.text(table.mistakes))
            Property.accounts(table)
        }
    }

    static let kinds = Kind.allCases

    /// Between the defaults of a folder and a file in it.
    static let mark = Array("\n#---\n".utf8)

    /// In 2027, between the dates of the seeds.
    private static let now = Instant(milliseconds: 1_800_000_000_000)
}
