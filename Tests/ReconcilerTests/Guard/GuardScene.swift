import Reconciler
import Spec
import Store
import TestKit

/// The commit of a test has a mistake.
struct Rejected: Error {
    var text: String
}

/// A scene whose applied `charter.yaml` has guards.
struct GuardScene {
    let scene: Scene

    /// `rules` are lines of the spec, in YAML; `files` replace or add.
    init(_ rules: String = "", _ files: [String: String] = [:]) throws {
        var all = Declared.platform
        all["charter.yaml"] = Self.charter(rules)
        scene = try Scene(all.merging(files) { $1 })
        if case .rejected(let rejection) = try scene.apply() { throw Rejected(text: rejection.text) }
    }

    static func charter(_ rules: String) -> String {
        "apiVersion: charter/v1\nkind: Repository\nmetadata: { name: test }\nspec:\n  drift: report\n"
            + rules.split(separator: "\n").map { "  \($0)\n" }.joined()
    }

    static func key(_ name: String, labels: String = "", more: String = "") -> String {
        """
        apiVersion: charter/v1
        kind: APIKey
        metadata: { name: \(name), labels: { \(labels) } }
        spec:
          owner: bo
          secrets: [{ sha256: \(Swift.String(repeating: "ab", count: 31))\(digits(of: name)) }]
        \(more)
        """
    }

    /// The plan that holds the tip back; nil when it was applied.
    @discardableResult
    func blocked(_ planGuard: PlanGuard = PlanGuard()) throws -> BlockedPlan? {
        do {
            let outcome = try scene.session().applyOnce(guardedBy: planGuard)
            if outcome.isRejected { throw Rejected(text: outcome.text) }
            return nil
        } catch Trouble.humanMustConfirm(let plan) {
            return plan
        }
    }

    func codes() throws -> [String] { try blocked()?.blocks.map(\.code) ?? [] }

    func revision() throws -> String { try scene.sql("SELECT coalesce(max(id), 0) FROM charter.revision")[0] }

    func audit(_ action: String) throws -> [String] {
        try scene.sql("SELECT actor || ' ' || detail FROM charter.audit WHERE action = '\(action)' ORDER BY sequence")
    }

    private static func digits(of name: String) -> String {
        // Two hexadecimal digits of its own for each name.
        let sum = name.utf8.reduce(0) { ($0 * 31 + Int($1)) % 256 }
        return (sum < 16 ? "0" : "") + Swift.String(sum, radix: 16)
    }
}
