package import Spec
package import Store

/// All that was declared at a revision: organizations, their kinds, the names of each.
package struct ResourceTree: Sendable {
    package var revision: Revision
    package var keys: [ResourceKey]

    package init(_ transaction: Transaction, at revision: Revision, org: String?) throws {
        self.revision = revision
        keys = try History.keys(transaction, ResourceQuery(org: org).tenancy, at: revision.id)
    }

    package var text: String {
        var lines = ["\(revision.title): \(keys.count) resource\(keys.count == 1 ? "" : "s")"]
        for org in sections {
            lines.append(org.name ?? "(platform)")
            lines += Self.branches(org.kinds.map { kind in ("\(kind.kind.rawValue)", kind.names) })
        }
        return lines.joined(separator: "\n")
    }

    package var json: JSONTree {
        .object([
            ("format", .int(1)), ("revision", revision.json),
            (
                "organizations",
                .array(
                    sections.map { org in
                        .object([
                            ("name", .optional(org.name)),
                            (
                                "kinds",
                                .object(org.kinds.map { ($0.kind.rawValue, .array($0.names.map(JSONTree.string))) })
                            ),
                        ])
                    })
            ),
        ])
    }

    private typealias Section = (name: String?, kinds: [(kind: Kind, names: [String])])

    /// The platform first, then the organizations by name; the keys are in that order.
    private var sections: [Section] {
        var sections: [Section] = []
        for key in keys {
            if sections.isEmpty || sections[sections.count - 1].name != key.org { sections.append((key.org, [])) }
            let org = sections.count - 1
            if sections[org].kinds.last?.kind != key.kind { sections[org].kinds.append((key.kind, [])) }
            sections[org].kinds[sections[org].kinds.count - 1].names.append(key.name)
        }
        return sections
    }

    private static func branches(_ kinds: [(title: String, names: [String])]) -> [String] {
        kinds.enumerated().flatMap { index, kind in
            let isLast = index == kinds.count - 1
            let margin = isLast ? "    " : "│   "
            return [(isLast ? "└── " : "├── ") + kind.title]
                + kind.names.enumerated().map { number, name in
                    margin + (number == kind.names.count - 1 ? "└── " : "├── ") + name.printable
                }
        }
    }
}
