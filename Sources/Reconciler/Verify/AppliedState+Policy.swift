internal import Spec
internal import Store

extension AppliedState {
    /// The rules of the repository as applied last, which judge the next commit; nil when none were declared.
    ///
    /// Throws where there are some that this program cannot read, since what they forbid is unknown then.
    var policy: (rules: Repository, spans: Spans)? {
        get throws {
            let all = applied.filter { $0.value.key.kind == .repository }.min { $0.value.key < $1.value.key }
            guard let (row, provenance) = all.map({ ($0.value, provenance[$0.key]) }) ?? rest.rules else { return nil }
            guard case .repository(let rules) = try row.readable.body else { return nil }
            return (rules, provenance?.spans ?? Spans(path: SourceFile.rulesPath))
        }
    }
}

extension PastResource {
    /// As it was applied; what cannot be read stops whatever rests on it, and never counts as not being there.
    var readable: Resource {
        get throws(Trouble) {
            do { return try Resource.decode(key: key, canonical: canonical) } catch {
                throw .humanMustAct(
                    "this version cannot read \(key) as it was applied (\(error)), so what is judged by it cannot be judged; "
                        + "run the version that applied it, or mend charter.history")
            }
        }
    }
}
