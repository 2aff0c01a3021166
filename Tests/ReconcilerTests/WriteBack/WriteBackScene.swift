import Foundation
import Reconciler
import Spec
import Store
import TestKit

@testable import Services

/// A platform whose rules let changes be asked for, and the programs that carry them out.
struct WriteBackScene {
    let scene: Scene
    static let team = "orgs/acme/budgets/team.yaml"
    static let teamText = """
        # What the team may spend.
        apiVersion: charter/v1
        kind: Budget
        metadata: { name: team }   # the only one
        spec:
          for: { organization: true }
          # agreed in spring
          hard: 100 USD/month   # with finance

        """

    /// `rules` are further fields of the spec of `charter.yaml`.
    init(rules: String = "writeBack: { to: main }", files: [String: String] = [:], isApplied: Bool = true) throws {
        var all = Declared.platform
        all["charter.yaml"] = "apiVersion: charter/v1\nkind: Repository\nmetadata: { name: test }\nspec: { drift: report, \(rules) }\n"
        all[Self.team] = Self.teamText
        all.merge(files) { $1 }
        scene = try Scene(all)
        guard isApplied else { return }
        guard case .applied = try scene.apply() else { throw Unexpected() }
    }

    /// The address by which the repository is mirrored and pushed to.
    var url: String { "file://" + scene.repository.path }

    var connection: Connection { get throws { try Connection(scene.database) } }

    /// Asks for a change as the API does, and answers its id.
    @discardableResult
    func ask(
        _ field: String, of name: String = "team", kind: Kind = .budget, as caller: String = "acme/ada", key: String? = nil, why: String = ""
    ) throws -> String {
        let resource = ResourceKey(org: "acme", kind: kind, name: name)
        let terms = ChangeTerms(unit: ReconcileSession.defaultUnit, caller: caller, purpose: why, idempotencyKey: key)
        return try ChangeCall.edit(resource, [FieldAssignment(field)], by: terms).run(connection).request.uid
    }

    /// Asks for a patch as it is.
    func ask(_ patch: ChangePatch, as caller: String = "acme/ada") throws -> String {
        let draft = ChangeDraft(
            org: "acme", unit: ReconcileSession.defaultUnit, title: "Change it", patch: patch, caller: caller, purpose: "", idempotencyKey: nil)
        return try connection.transaction { try ChangeRequests.ask($0, draft, uid: UUID().uuidString.lowercased()) }.request.uid
    }

    func state(of id: String) throws -> ChangeRequest {
        let found = try connection.transaction { try ChangeRequests.one($0, .everything, uid: id) }
        guard let found else { throw Unexpected() }
        return found
    }

    /// Waits until a request is in one of these states.
    @discardableResult
    func until(_ id: String, _ states: ChangeRequest.State..., from watch: Subprocess) throws -> ChangeRequest {
        try eventually(within: .seconds(60), "\(id) is \(states): \(watch.errors)") { try states.contains(state(of: id).state) }
        return try state(of: id)
    }

    /// A file as the branch has it.
    func file(_ path: String = team, at revision: String = "main") throws -> String {
        try scene.repository.git("show", "\(revision):\(path)") + "\n"
    }

    var tip: String { get throws { try scene.repository.git("rev-parse", "main") } }

    func actions() throws -> [String] { try scene.sql("SELECT action FROM charter.audit WHERE action LIKE 'change.%' ORDER BY sequence") }
}
