package import Spec

/// What a request changes, step by step: resources by their keys, fields by JSON pointers, or whole documents.
package struct ChangePatch: Hashable, Sendable {
    package enum Step: Hashable, Sendable {
        case edit(ResourceKey, [FieldOperation])
        /// One YAML document; `path` is the file it goes to, from the unit's root, nil for the usual one.
        case add(document: String, org: String?, path: String?)
        case remove(ResourceKey)
        /// An organization with all that is declared in it when the change is carried out.
        case removeOrganization(String)
        /// The resource as its canonical text has it: added in its usual file where nothing declares it, else edited field by field.
        case declare(ResourceKey, canonical: String)
    }

    /// A field that gets a value, as JSON text, or is removed where that is nil.
    package struct FieldOperation: Hashable, Sendable {
        package var pointer: String
        package var value: String?

        package init(pointer: String, value: String?) { (self.pointer, self.value) = (pointer, value) }
    }

    package var steps: [Step]
    /// What the caller saw: SHA-256 of canonical texts in lower-case hexadecimal, and nil of what was not declared.
    package var expected: [ResourceKey: String?]
    /// What must be declared then, whatever it says.
    package var present: Set<ResourceKey>

    /// Whether it goes to a branch of its own whatever the caller's member may do, as where a key carries less than its owner has.
    package var isProposal: Bool

    package init(
        _ steps: [Step], expected: [ResourceKey: String?] = [:], present: Set<ResourceKey> = [], isProposal: Bool = false
    ) {
        (self.steps, self.expected, self.present, self.isProposal) = (steps, expected, present, isProposal)
    }

    /// Whose declarations it changes; nil is the platform.
    package var orgs: Set<String?> {
        Set(
            steps.map { step in
                switch step {
                case .edit(let key, _), .remove(let key), .declare(let key, _): key.org
                case .add(_, let org, _): org
                case .removeOrganization(let org): org
                }
            })
    }
}

extension ChangePatch {
    /// Always the same text for the same steps.
    package var json: String {
        var text = JSONText()
        text.object { text in
            text.array("steps") { text in for step in steps { step.write(to: &text) } }
            if isProposal {
                text.name("propose")
                text.boolean(true)
            }
            if !expected.isEmpty || !present.isEmpty { text.array("expected") { writeExpected(to: &$0) } }
        }
        return text.json
    }

    /// A version that does not know `present` takes it for what must not be declared, and refuses.
    private func writeExpected(to text: inout JSONText) {
        for (key, digest) in expected.sorted(by: { $0.key < $1.key }) {
            text.object { text in
                key.write(to: &text)
                if let digest { text.member("sha256", digest) }
            }
        }
        for key in present.sorted() {
            text.object { text in
                key.write(to: &text)
                text.name("present")
                text.boolean(true)
            }
        }
    }

    /// Nil for what `json` did not write.
    package init?(json: String) {
        guard let root = try? JSONReader.parse(json), let items = root.member("steps")?.list else { return nil }
        var steps: [Step] = []
        for item in items {
            guard let step = Step(item) else { return nil }
            steps.append(step)
        }
        var (expected, present): ([ResourceKey: String?], Set<ResourceKey>) = ([:], [])
        for item in root.member("expected")?.list ?? [] {
            guard let key = ResourceKey(item) else { return nil }
            if item.member("present")?.plain == "true" { present.insert(key) } else { expected[key] = .some(item.member("sha256")?.string) }
        }
        self.init(steps, expected: expected, present: present, isProposal: root.member("propose")?.plain == "true")
    }
}

extension ChangePatch.Step {
    fileprivate func write(to text: inout JSONText) {
        text.object { text in
            switch self {
            case .edit(let key, let operations):
                text.member("act", "edit")
                key.write(to: &text)
                text.array("operations") { text in for operation in operations { operation.write(to: &text) } }
            case .add(let document, let org, let path):
                text.member("act", "add")
                if let org { text.member("org", org) }
                text.member("document", document)
                if let path { text.member("path", path) }
            case .remove(let key):
                text.member("act", "remove")
                key.write(to: &text)
            case .removeOrganization(let org):
                text.member("act", "removeOrganization")
                text.member("org", org)
            case .declare(let key, let canonical):
                text.member("act", "declare")
                key.write(to: &text)
                text.member("canonical", canonical)
            }
        }
    }

    fileprivate init?(_ node: Node) {
        switch node.member("act")?.string {
        case "edit":
            guard let key = ResourceKey(node), let items = node.member("operations")?.list else { return nil }
            let operations = items.compactMap(ChangePatch.FieldOperation.init)
            guard operations.count == items.count else { return nil }
            self = .edit(key, operations)
        case "add":
            guard let document = node.member("document")?.string else { return nil }
            self = .add(document: document, org: node.member("org")?.string, path: node.member("path")?.string)
        case "remove":
            guard let key = ResourceKey(node) else { return nil }
            self = .remove(key)
        case "removeOrganization":
            guard let org = node.member("org")?.string else { return nil }
            self = .removeOrganization(org)
        case "declare":
            guard let key = ResourceKey(node), let canonical = node.member("canonical")?.string else { return nil }
            self = .declare(key, canonical: canonical)
        default: return nil
        }
    }
}

extension ChangePatch.FieldOperation {
    fileprivate func write(to text: inout JSONText) {
        text.object { text in
            text.member("pointer", pointer)
            if let value { text.member("value", value) }
        }
    }

    fileprivate init?(_ node: Node) {
        guard let pointer = node.member("pointer")?.string else { return nil }
        self.init(pointer: pointer, value: node.member("value")?.string)
    }
}

extension ResourceKey {
    fileprivate func write(to text: inout JSONText) {
        if let org { text.member("org", org) }
        text.member("kind", kind.rawValue)
        text.member("name", name)
    }

    fileprivate init?(_ node: Node) {
        guard let kind = node.member("kind")?.string.flatMap({ Kind(rawValue: $0) }), let name = node.member("name")?.string else { return nil }
        self.init(org: node.member("org")?.string, kind: kind, name: name)
    }
}

extension Node {
    fileprivate func member(_ name: String) -> Node? {
        if case .mapping(let entries) = content { entries.first { $0.key == name }?.value } else { nil }
    }

    fileprivate var list: [Node]? { if case .sequence(let items) = content { items } else { nil } }

    /// `true`, or a number.
    fileprivate var plain: String? { if case .scalar(let scalar) = content, scalar.isPlain { scalar.text } else { nil } }

    fileprivate var string: String? { if case .scalar(let scalar) = content { scalar.text } else { nil } }
}
