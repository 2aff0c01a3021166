/// A reason for which a plan is not applied.
package enum GuardBlock: Hashable, Sendable {
    /// The commit has no YAML file at all; a read that finds nothing is never taken for a wish to delete.
    case emptyRead(population: Int)
    case massDeletion(deleted: Int, population: Int, percentMax: Int)
    /// The organization stays and would have no member with the built-in role `admin`.
    case lastAdmin(org: String, members: [String])
    /// The branch lacks what was applied.
    case rewritten(from: String, to: String, BranchMovement)

    /// Permanent, for scripts and documents.
    package var code: String {
        switch self {
        case .emptyRead: "G1001"
        case .massDeletion: "G1002"
        case .lastAdmin: "G1003"
        case .rewritten: "G1004"
        }
    }

    /// The flag by which a person lets it pass; nil when no flag does.
    package var remedyFlag: String? {
        switch self {
        case .massDeletion: "--allow-mass-delete"
        case .rewritten: "--allow-rewrite"
        case .emptyRead, .lastAdmin: nil
        }
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
        case .rewritten(let from, let to, let movement):
            "\(from.prefix(10)) is applied, and the branch, now at \(to.prefix(10)), \(movement); "
                + "if that is meant, charter apply --allow-rewrite, and `history: any` in charter.yaml for always"
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
