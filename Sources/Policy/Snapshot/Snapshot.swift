package import Spec

/// The rules in force at one revision, compiled once and never changed.
///
/// Safe to read from every thread.
package final class Snapshot: Sendable {
    package let revision: RevisionIdentity
    /// How much of a rule a refused client may be told.
    package let disclosure: Repository.Disclosure
    let graph: Graph

    init(revision: RevisionIdentity, disclosure: Repository.Disclosure, graph: Graph) {
        self.revision = revision
        self.disclosure = disclosure
        self.graph = graph
    }

    package var providers: [ProviderEntry] { graph.providers }
    package var models: [ModelEntry] { graph.models }
    package var keyCount: Int { graph.keys.count }
    package var routeCount: Int { graph.routes.count }

    /// Names and uids of the declared organizations.
    package var organizations: [(name: String, uid: String)] {
        graph.orgs.filter { $0.resource >= 0 }.map { (name: $0.name, uid: $0.uid) }
    }

    func rule(_ reference: RuleReference) -> Rule {
        graph.register.rule(reference.resource, field: reference.field.pointer)
    }
}
