/// A reason for which a plan is not applied.
package enum GuardBlock: Hashable, Sendable {
    /// The commit has no YAML file at all; a read that finds nothing is never taken for a wish to delete.
    case emptyRead(population: Int)
    case massDeletion(deleted: Int, population: Int, percentMax: Int)
    /// The organization stays and would have no member with the built-in role `admin`.
    case lastAdmin(org: String, members: [String])

    /// Permanent, for scripts and documents.
    package var code: String {
        switch self {
        case .emptyRead: "G1001"
        case .massDeletion: "G1002"
        case .lastAdmin: "G1003"
        }
    }

    /// The flag by which a person lets it pass; nil when no flag does.
    package var remedyFlag: String? {
        if case .massDeletion = self { "--allow-mass-delete" } else { nil }
    }
}

extension GuardBlock: CustomStringConvertible {
    package var description: String {
        switch self {
        case .emptyRead(let population):
            "the commit has no YAML files while \(population) resources are applied; nothing is deleted on such a read"
        case .massDeletion(let deleted, let population, let percentMax):
            "would delete \(deleted) of \(population) resources"
                + (deleted == population ? ", which is all of them" : ", more than \(percentMax) %")
                + "; if that is meant, charter apply --allow-mass-delete"
        case .lastAdmin(let org, let members):
            "organization \(org) would have no admin left (until now: \(members.joined(separator: ", "))); "
                + "give another member the role admin first"
        }
    }

    package var json: JSONValue {
        .object([("code", .string(code)), ("message", .string(description)), ("flag", .optional(remedyFlag))])
    }

    /// What `apply` prints for machines in place of an outcome.
    package static func json(of blocks: [GuardBlock]) -> JSONValue {
        .object([("outcome", .string("blocked")), ("blocks", .array(blocks.map(\.json)))])
    }
}
