package import Spec

/// What stands between a saved plan and what would be applied now.
package struct PlanFileMovement: Error, Hashable, Sendable, CustomStringConvertible {
    /// A sentence each, without full stops.
    package let reasons: [String]

    package var description: String {
        "this is not the plan that was saved any more, and nothing was changed:\n"
            + reasons.map { "  - \($0)" }.joined(separator: "\n")
            + "\nPlan anew, and look at it: charter plan --out FILE"
    }

    /// What `apply` prints for machines in place of an outcome.
    package var json: JSONTree {
        .object([("outcome", .string("moved")), ("reasons", .array(reasons.map(JSONTree.string)))])
    }
}

extension PlanFile {
    /// Names that are listed of each sort before the rest is counted.
    private static let namesMax = 10

    /// Before anything is read: refuses what was planned of something else.
    package func check(_ source: GitSource, unit name: String) throws(PlanFileMovement) {
        var reasons: [String] = []
        if name != unit { reasons.append("it is a plan of unit \(unit.printable), and not of \(name)") }
        if case .url(let url) = source.location, case .url? = try? SourceLocation.parse(repository), repository != "\(url)" {
            reasons.append("it is a plan of \(repository.printable), and not of \(url)")
        }
        if folder != source.folder {
            reasons.append("it is a plan of \(Self.shown(folder: folder)), and not of \(Self.shown(folder: source.folder))")
        }
        guard reasons.isEmpty else { throw PlanFileMovement(reasons: reasons) }
    }

    /// Refuses another commit than the one that was planned, which then is not even read.
    func check(_ tip: Commit) throws(PlanFileMovement) {
        guard tip.id.hex == commit else { throw PlanFileMovement(reasons: [moved(to: tip)]) }
    }

    /// Refuses a plan that differs in anything from this one.
    func check(_ plan: Plan) throws(PlanFileMovement) {
        var reasons: [String] = []
        if engine != CharterVersion.current {
            reasons.append("it was made by charter \(engine.printable), and this is charter \(CharterVersion.current)")
        }
        if plan.base != base { reasons.append(moved(to: plan.base)) }
        if plan.tip.id.hex != commit { reasons.append(moved(to: plan.tip)) }
        if plan.rules != rules { reasons.append("the rules that are applied of charter.yaml are others") }
        let now = PlanFile(plan)
        if now.drift != drift {
            let differing = Self.differing(drifted, now.drifted)
            if drift != nil || !differing.isEmpty {
                reasons.append("hands changed rows of the database, or put them back\(Self.list(differing))")
            }
        }
        if now.digest != digest {
            let differing = Self.differing(changes, now.changes)
            if !differing.isEmpty { reasons.append("other changes would be made\(Self.list(differing))") }
            if reasons.isEmpty { reasons.append("its digest is \(digest.prefix(16)), and now \(now.digest.prefix(16))") }
        }
        guard reasons.isEmpty else { throw PlanFileMovement(reasons: reasons) }
    }

    private func moved(to tip: Commit) -> String { "commit \(commit.prefix(10)) was planned, and the branch is at \(tip.title)" }

    private func moved(to base: Plan.AppliedCommit?) -> String {
        let before = self.base.map { "after revision \($0.revision) (\($0.commit.prefix(10)))" } ?? "before anything was applied"
        guard let base else { return "it was planned \(before), and now nothing is applied" }
        if base.commit == commit { return "it was planned \(before), and its commit is applied by now, as revision \(base.revision)" }
        return "it was planned \(before), and now revision \(base.revision) (\(base.commit.prefix(10))) is applied"
    }

    private static func shown(folder: String) -> String { folder.isEmpty ? "the whole repository" : "the folder \(folder.printable)" }

    /// The names of what is in one and not, or otherwise, in the other.
    private static func differing(_ before: [Entry], _ now: [Entry]) -> [String] {
        Set(before).symmetricDifference(now).reduce(into: Set<String>()) { $0.insert($1.name) }.sorted()
    }

    private static func list(_ names: [String]) -> String {
        guard !names.isEmpty else { return "" }
        let more = names.count > namesMax ? ", and \(names.count - namesMax) more" : ""
        return ": " + names.prefix(namesMax).map(\.printable).joined(separator: ", ") + more
    }
}
