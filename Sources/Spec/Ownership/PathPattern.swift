/// Paths from the root of the repository: `*` stands for any run of characters in a name, `**` for any folders.
package struct PathPattern: Hashable, Sendable {
    /// Between the slashes.
    package var segments: [String]

    package func matches(_ path: String) -> Bool {
        let names = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        var s = 0
        var n = 0
        var retry: (segment: Int, name: Int)?
        while n < names.count {
            if s < segments.count, segments[s] == "**" {
                retry = (s + 1, n)
                s += 1
            } else if s < segments.count, Glob.matches(segments[s], names[n]) {
                s += 1
                n += 1
            } else if let last = retry {
                s = last.segment
                n = last.name + 1
                retry = (last.segment, n)
            } else {
                return false
            }
        }
        return segments[s...].allSatisfy { $0 == "**" }
    }

    /// The organization below which all that matches lies, if there is one.
    package var organization: String? {
        guard segments.count > 2, segments[0] == "orgs", !segments[1].contains("*") else { return nil }
        return segments[1]
    }
}

extension PathPattern: Amount {
    static let noun = "a pattern of paths"
    static let example = "orgs/acme/**"
    static let pattern: String? =
        #"(\*\*|(?!\.{1,2}(/|$))(\*?[A-Za-z0-9._+-])+\*?|\*)(/(\*\*|(?!\.{1,2}(/|$))(\*?[A-Za-z0-9._+-])+\*?|\*))*"#

    static func parse(_ text: String) throws(AmountProblem) -> PathPattern {
        let segments = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        for segment in segments {
            if segment.isEmpty {
                throw AmountProblem("a name is missing", hint: "paths begin at the root, without `/` at either end")
            }
            if segment == "." || segment == ".." { throw AmountProblem("`\(segment)` is no name") }
            if segment != "**", segment.contains("**") {
                throw AmountProblem("`**` must stand alone between slashes", hint: "write `a/**/b`, or a single `*`")
            }
            guard segment.utf8.allSatisfy({ Names.isLetterOrDigit($0) || "._+-*".utf8.contains($0) }) else {
                throw AmountProblem("`\(segment)` has a character that no path of Charter needs")
            }
        }
        return PathPattern(segments: segments)
    }

    package var text: String { segments.joined(separator: "/") }
}
