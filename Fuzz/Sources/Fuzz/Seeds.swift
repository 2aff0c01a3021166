internal import Driver
internal import Foundation

@testable internal import Spec

/// Where the fuzzers begin: files that people wrote, their canonical forms, and the words of the language.
struct Seeds {
    private let files: [(name: String, bytes: [UInt8])]

    /// Reads YAML files, and tables of models in JSON.
    init(files paths: [String]) throws {
        files = try paths.map { path in
            (path.replacingOccurrences(of: "/", with: "-"), Array(try Data(contentsOf: URL(fileURLWithPath: path))))
        }
    }

    /// Writes `<target>/<file>` for every target, and `words.dict`.
    func write(to folder: String) throws {
        for (name, bytes) in files {
            guard !name.hasSuffix(".json") else {
                try writeEntries(of: bytes, to: "\(folder)/\(Target.table.rawValue)", name)
                continue
            }
            try write(bytes, to: "\(folder)/\(Target.yaml.rawValue)", name)
            try write(bytes, to: "\(folder)/\(Target.file.rawValue)", name)
            for (outer, defaults) in files where outer.hasSuffix("_defaults.yaml") && outer != name {
                guard name.hasPrefix(outer.dropLast("_defaults.yaml".count)) else { continue }
                try write(defaults + Target.mark + bytes, to: "\(folder)/\(Target.file.rawValue)", "\(outer)-\(name)")
            }
            try writeCanonical(bytes, to: "\(folder)/\(Target.canonical.rawValue)", name)
            try writeExpressions(bytes, to: "\(folder)/\(Target.expression.rawValue)", name)
        }
        try Fuzzing.write(words: words, to: "\(folder)/words.dict")
    }

    /// Each entry of a table as a table of its own.
    private func writeEntries(of bytes: [UInt8], to folder: String, _ name: String) throws {
        var walk = JSONWalk(String(decoding: bytes, as: UTF8.self))
        for (index, member) in try walk.members().enumerated() {
            let entry = "{\"\(walk.text(member.name))\": \(walk.text(member.value))}"
            try write(Array(entry.utf8), to: folder, "\(name)-\(index)")
        }
    }

    /// Each text of a kind that has expressions in its texts.
    private func writeExpressions(_ bytes: [UInt8], to folder: String, _ name: String) throws {
        let texts = YAMLReader(path: name, bytes: bytes).documents
            .filter { [Kind.workflow.rawValue, Kind.agent.rawValue].contains($0.child("kind")?.text ?? "") }.flatMap(texts)
        for (index, text) in texts.enumerated() { try write(Array(text.utf8), to: folder, "\(name)-\(index)") }
    }

    private func texts(in node: Node) -> [String] {
        switch node.content {
        case .scalar(let scalar): [scalar.text]
        case .sequence(let items): items.flatMap(texts)
        case .mapping(let entries): entries.flatMap { texts(in: $0.value) }
        case .broken: []
        }
    }

    private func writeCanonical(_ bytes: [UInt8], to folder: String, _ name: String) throws {
        for path in ["orgs/acme/x.yaml", "x.yaml", "charter.yaml"] {
            for resource in Specification.load([SourceFile(path: path, bytes: bytes)]).resources.values {
                guard let kind = Target.kinds.firstIndex(of: resource.key.kind) else { continue }
                try write([UInt8(kind)] + resource.canonical.utf8, to: folder, "\(name)-\(resource.key.name)")
            }
        }
    }

    private func write(_ bytes: [UInt8], to folder: String, _ name: String) throws {
        try Fuzzing.write(bytes, to: folder, name)
    }

    // MARK: Words

    /// Names of fields and kinds, values that may be chosen, and one example of every grammar.
    private var words: Set<String> {
        var words: Set<String> = ["apiVersion", "kind", "metadata", "spec", "labels", "annotations", currentAPIVersion]
        for function in ExpressionFunctions.all { words.insert(function.name + "(") }
        words.formUnion(["inputs.", "steps.read.output", "run.id", "{{", "}}", "{{{{", " and ", " or ", "not ", " contains ", "=="])
        for kind in Kind.allCases {
            words.insert(kind.rawValue)
            for field in kind.declaredFields { add(field, to: &words) }
        }
        return words.filter { $0.utf8.allSatisfy { (0x20..<0x7F).contains($0) && $0 != 0x22 && $0 != 0x5C } }
    }

    private func add(_ field: FieldDeclaration, to words: inout Set<String>) {
        words.insert(field.name)
        if let initial = field.initial { words.insert(initial) }
        add(field.shape, to: &words)
    }

    private func add(_ shape: ShapeDescription, to words: inout Set<String>) {
        switch shape {
        case .text(_, let example, _, _): if let example { words.insert(example) }
        case .oneOf(let names): words.formUnion(names)
        case .list(let item), .set(let item), .map(_, _, let item): add(item, to: &words)
        case .fields(let fields): for field in fields { add(field, to: &words) }
        default: break
        }
    }
}
