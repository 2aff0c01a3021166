package import Spec

/// A key that was presented and is in force, in the snapshot that knew it.
package struct Caller: Sendable {
    package let snapshot: Snapshot
    package let digest: KeyDigest
    /// When it was authenticated.
    package let now: Instant
    let key: Int32
    let secret: CompiledSecret

    /// The names and uids that usage is booked under.
    package var identity: CallerIdentity { snapshot.identity(ofKey: keyIndex) }
    /// The key's place in the snapshot.
    package var keyIndex: Int { Int(key) }

    package var org: String { snapshot.graph.orgs[Int(compiled.org)].name }
    /// The name of the organization's plan, where it has one.
    package var plan: String? { snapshot.graph.orgs[Int(compiled.org)].plan }
    /// The table of counters to use is the organization's.
    package var orgUID: String { snapshot.graph.orgs[Int(compiled.org)].uid }

    /// Whether its organization has answers wait until their usage is on the disk.
    package var isStrict: Bool { snapshot.graph.orgs[Int(compiled.org)].isStrict }

    var compiled: CompiledKey { snapshot.graph.keys[Int(key)] }
}

extension Snapshot {
    /// The names and uids that a key's usage is booked under.
    package func identity(ofKey index: Int) -> CallerIdentity {
        let key = graph.keys[index]
        let org = graph.orgs[Int(key.org)]
        let entry = graph.register.entries[Int(key.resource)]
        let project = key.project < 0 ? nil : graph.register.entries[Int(graph.projects[Int(key.project)].resource)]
        let owner = key.owner < 0 ? nil : graph.register.entries[Int(graph.members[Int(key.owner)].resource)]
        return CallerIdentity(
            org: org.name, orgUID: org.uid, key: entry.key.name, keyUID: entry.uid, project: project?.key.name,
            projectUID: project?.uid, member: owner?.key.name, memberUID: owner?.uid, tags: key.tags)
    }
}

/// Who a request is booked under.
package struct CallerIdentity: Hashable, Sendable {
    package var org: String
    package var orgUID: String
    package var key: String
    package var keyUID: String
    package var project: String?
    package var projectUID: String?
    package var member: String?
    package var memberUID: String?
    /// An object of compact JSON, its members in the order of their names.
    package var tags: String
}
