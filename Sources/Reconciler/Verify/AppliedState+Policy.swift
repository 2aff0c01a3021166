internal import Spec
internal import Store

extension AppliedState {
    /// The rules of the repository as applied last, which judge the next commit; nil when none were declared.
    var policy: (rules: Repository, spans: Spans)? {
        for (uid, row) in applied where row.key.kind == .repository {
            guard case .repository(let rules) = try? Resource.decode(key: row.key, canonical: row.canonical).body else { continue }
            return (rules, provenance[uid]?.spans ?? Spans(path: PathRules.rulesPath))
        }
        return nil
    }
}
