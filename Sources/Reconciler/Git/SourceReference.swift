/// What of a repository is enforced.
package enum SourceReference: Hashable, Sendable {
    case branch(BranchName)
    /// The tag with the highest version.
    case tags(TagPattern)
    /// This commit and no other.
    case commit(ObjectID)
}

extension SourceReference: CustomStringConvertible {
    /// As one would write it on the command line, and as it is handed to the child that fetches.
    package var description: String {
        switch self {
        case .branch(let name): "branch \(name)"
        case .tags(let pattern): "tag \(pattern)"
        case .commit(let id): "commit \(id)"
        }
    }

    /// The reverse of `description`; nil for anything else.
    init?(description: String) {
        let parts = description.split(separator: " ", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return nil }
        switch parts[0] {
        case "branch":
            guard let name = BranchName(parts[1]) else { return nil }
            self = .branch(name)
        case "tag":
            guard let pattern = TagPattern(parts[1]) else { return nil }
            self = .tags(pattern)
        case "commit":
            guard let id = ObjectID(hex: parts[1]) else { return nil }
            self = .commit(id)
        default: return nil
        }
    }
}
