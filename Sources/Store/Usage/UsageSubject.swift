/// Which rows of the ledger a limit or budget counts; the organization is always named, the rest narrows.
package struct UsageSubject: Hashable, Sendable {
    package var orgUID: String
    package var projectUID: String?
    package var memberUID: String?
    package var keyUID: String?
    /// Globs over `provider/model` of what served and over the route that was asked for, in which `*` stands for any run of
    /// characters; one match is enough, and nil counts every model.
    package var models: [String]?

    package init(
        orgUID: String, projectUID: String? = nil, memberUID: String? = nil, keyUID: String? = nil, models: [String]? = nil
    ) {
        self.orgUID = orgUID
        self.projectUID = projectUID
        self.memberUID = memberUID
        self.keyUID = keyUID
        self.models = models
    }

    /// Whether rows of these terms count.
    func covers(_ terms: UsageTerms) -> Bool {
        orgUID == terms.orgUID
            && (projectUID == nil || projectUID == terms.projectUID)
            && (memberUID == nil || memberUID == terms.memberUID)
            && (keyUID == nil || keyUID == terms.keyUID)
            && (models?.contains { isMatch($0, terms) } ?? true)
    }

    private func isMatch(_ glob: String, _ terms: UsageTerms) -> Bool {
        Self.glob(glob, matches: terms.model) || terms.route.map { !$0.isEmpty && Self.glob(glob, matches: $0) } ?? false
    }

    /// The condition in SQL on rows of the ledger or its rollup under `row` that `patterns` admit.
    static func models(_ row: String, like patterns: String) -> String {
        "(\(row).model LIKE ANY (\(patterns)) OR nullif(\(row).route, '') LIKE ANY (\(patterns)))"
    }

    /// The same patterns for SQL's LIKE.
    var likePatterns: [String]? {
        models?.map(Self.likePattern)
    }

    static func likePattern(_ glob: String) -> String {
        glob.reduce(into: "") { pattern, character in
            switch character {
            case "*": pattern += "%"
            case "%", "_", "\\": pattern += "\\\(character)"
            default: pattern.append(character)
            }
        }
    }

    /// Tries the shortest run for the last `*` seen, and a longer one on a mismatch.
    static func glob(_ glob: String, matches name: String) -> Bool {
        let (pattern, text) = (Array(glob.utf8), Array(name.utf8))
        var (p, t) = (0, 0)
        var retry: (pattern: Int, text: Int)?
        while t < text.count {
            if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
                retry = (p + 1, t)
                p += 1
            } else if p < pattern.count, pattern[p] == text[t] {
                p += 1
                t += 1
            } else if let (start, from) = retry {
                retry = (start, from + 1)
                (p, t) = (start, from + 1)
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
