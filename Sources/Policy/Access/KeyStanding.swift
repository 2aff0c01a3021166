package import Spec

/// How it stands with a key while a request that it was admitted with is under way.
package struct KeyStanding: Sendable {
    package var uid: String
    /// Milliseconds since 1970 from which on it no longer opens anything if nothing else happens; the largest number where it
    /// never ends.
    package var endsAt: Int64
    /// Whether its requests under way end with it.
    package var cuts: Bool
    /// The revision by which that was last asked of a key that opens nothing any more.
    private var endedIn: Int64?

    init(uid: String, endsAt: Int64, cuts: Bool) {
        self.uid = uid
        self.endsAt = endsAt
        self.cuts = cuts
    }

    /// The key of this digest opens nothing any more. What is declared now counts, and for a key that is gone what was declared of it
    /// last; that is asked once in each revision, as minted keys change nothing about it.
    package mutating func end(of digest: KeyDigest, in snapshot: Snapshot) {
        endsAt = .max
        guard endedIn != snapshot.revision.id else { return }
        endedIn = snapshot.revision.id
        cuts = snapshot.cuts(digest, uid: uid) ?? cuts
    }
}

extension Caller {
    package var standing: KeyStanding {
        let key = compiled
        return KeyStanding(
            uid: snapshot.graph.register.entries[Int(key.resource)].uid, endsAt: min(key.expires, secret.until), cuts: key.cuts)
    }
}

extension Snapshot {
    /// Whether requests under way end with the key that a digest opens, or else with the one that had this uid; nil for a
    /// key that is not declared any more.
    fileprivate func cuts(_ digest: KeyDigest, uid: String) -> Bool? {
        if let secret = graph.secrets[digest] { return graph.keys[Int(secret.key)].cuts }
        return graph.keys.first { graph.register.entries[Int($0.resource)].uid == uid }?.cuts
    }

    /// What the rules of today grant to a request that earlier ones admitted, before it goes to another target.
    package func renew(_ caller: Caller, _ facts: RequestFacts, now: Instant) -> Result<Grant, Refusal> {
        authorize(caller, facts, now: now).flatMap { grant in
            guard let requested = grant.requested, graph.isRoute(requested),
                let refusal = objection(ofSuspensions: graph.route(requested).suspensions, now: now)
            else { return .success(grant) }
            return .failure(refusal)
        }
    }
}

extension Grant {
    /// Whether it holds for a model, which may be of an earlier snapshot.
    package func permits(_ model: ModelEntry, now: Instant) -> Bool {
        let snapshot = caller.snapshot
        return targets.contains { index in
            let own = snapshot.graph.models[Int(index)]
            return own.qualifiedName == model.qualifiedName
                && snapshot.objection(ofSuspensions: own.suspensions, now: now) == nil
        }
    }
}
