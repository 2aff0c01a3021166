package import Spec

/// The field of a declared resource that decided something.
package struct Rule: Hashable, Sendable {
    package var resource: ResourceKey
    package var uid: String
    /// JSON pointer of the field, such as `/spec/limits/0`.
    package var field: String
    package var origin: RuleOrigin?

    package init(resource: ResourceKey, uid: String, field: String, origin: RuleOrigin?) {
        self.resource = resource
        self.uid = uid
        self.field = field
        self.origin = origin
    }
}

/// Where a rule stands in the repository, and who changed its resource last.
package struct RuleOrigin: Hashable, Sendable {
    package var path: String
    package var line: Int
    package var column: Int
    /// Empty where the resource was never applied, or where the disclosure policy withholds it.
    package var commit: String
    package var author: String
    /// What stands in place of the file; then `path` names it, and there is no line.
    package var override: OverrideMark?

    package init(path: String, line: Int, column: Int, commit: String = "", author: String = "") {
        self.path = path
        self.line = line
        self.column = column
        self.commit = commit
        self.author = author
    }
}

extension Rule {
    /// What a refused client may be told of it.
    package func disclosed(_ disclosure: Repository.Disclosure) -> Rule? {
        switch disclosure {
        case .full: return self
        case .code: return nil
        case .place:
            var rule = self
            rule.origin?.commit = ""
            rule.origin?.author = ""
            rule.origin?.override?.owner = ""
            rule.origin?.override?.reason = ""
            return rule
        }
    }
}

/// A rule by index into its snapshot: trivial to copy, turned into a `Rule` only when somebody asks.
struct RuleReference: Hashable, Sendable {
    var resource: Int32
    var field: RuleField
}

/// The fields that requests are decided by.
enum RuleField: Hashable, Sendable {
    case document
    case limit(Int16)
    /// `/spec/budget/hard` of a key.
    case budgetHard
    /// `/spec/hard` of a Budget.
    case hard
    case modelsAllow
    case modelsDeny(Int16)
    case scopes
    case networks
    case denyNetworks
    case keyDefaultNetworks
    case keyDefaultLimit(Int16)
    /// Of a plan, for each key and each member of its organizations.
    case perKeyLimit(Int16)
    case perMemberLimit(Int16)
    /// Of a KeyPool, for each key that is minted in it.
    case eachLimit(Int16)
    case eachBudgetHard
    case eachModelsAllow
    case eachModelsDeny(Int16)
    case eachNetworks
    case maxInput
    case maxOutput
    case residency
    case unknownPrice
    case members
    case origins
    case expires
    case secretFrom(Int16)
    case secretUntil(Int16)
    case owner
    case roles
    case targets
    case suspend

    /// Those that records of decisions name.
    static let frequent: [RuleField] =
        [.budgetHard, .hard, .modelsAllow, .scopes, .expires, .roles, .targets]
        + [.maxInput, .maxOutput, .residency, .eachBudgetHard, .eachModelsAllow]
        + (0..<32).flatMap { [.limit($0), .modelsDeny($0), .keyDefaultLimit($0), .perKeyLimit($0), .perMemberLimit($0)] }
        + (0..<32).flatMap { [.eachLimit($0), .eachModelsDeny($0)] }

    var pointer: String {
        switch self {
        case .document: ""
        case .limit(let index): "/spec/limits/\(index)"
        case .budgetHard: "/spec/budget/hard"
        case .hard: "/spec/hard"
        case .modelsAllow: "/spec/models/allow"
        case .modelsDeny(let index): "/spec/models/deny/\(index)"
        case .scopes: "/spec/scopes"
        case .networks: "/spec/networks"
        case .denyNetworks: "/spec/denyNetworks"
        case .keyDefaultNetworks: "/spec/keyDefaults/networks"
        case .keyDefaultLimit(let index): "/spec/keyDefaults/limits/\(index)"
        case .perKeyLimit(let index): "/spec/perKey/limits/\(index)"
        case .perMemberLimit(let index): "/spec/perMember/limits/\(index)"
        case .eachLimit(let index): "/spec/each/limits/\(index)"
        case .eachBudgetHard: "/spec/each/budget/hard"
        case .eachModelsAllow: "/spec/each/models/allow"
        case .eachModelsDeny(let index): "/spec/each/models/deny/\(index)"
        case .eachNetworks: "/spec/each/networks"
        case .maxInput: "/spec/maxInput"
        case .maxOutput: "/spec/maxOutput"
        case .residency: "/spec/residency"
        case .unknownPrice: "/spec/unknownPrice"
        case .members: "/spec/members"
        case .origins: "/spec/origins"
        case .expires: "/spec/expires"
        case .secretFrom(let index): "/spec/secrets/\(index)/from"
        case .secretUntil(let index): "/spec/secrets/\(index)/until"
        case .owner: "/spec/owner"
        case .roles: "/spec/roles"
        case .targets: "/spec/targets"
        case .suspend: "/spec/suspend"
        }
    }
}
