package import Spec

/// The rules in force at one revision, compiled once and never changed.
///
/// Safe to read from every thread.
package final class Snapshot: Sendable {
    package let revision: RevisionIdentity
    /// How much of a rule a refused client may be told, where its key's organization does not say.
    private let disclosure: Repository.Disclosure
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

    /// How much of a rule may be told to who shows this key, whatever became of it; nobody's is told what the repository allows.
    package func disclosure(to key: KeyDigest) -> Repository.Disclosure {
        guard let secret = graph.secrets[key] else { return disclosure }
        return graph.orgs[Int(graph.keys[Int(secret.key)].org)].disclosure ?? disclosure
    }

    /// The same rules with another graph.
    func with(_ graph: Graph) -> Snapshot { Snapshot(revision: revision, disclosure: disclosure, graph: graph) }

    func rule(_ reference: RuleReference) -> Rule {
        graph.register.rule(reference.resource, field: reference.field.pointer)
    }
}
