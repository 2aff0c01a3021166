internal import Spec
internal import Store

extension AppliedState {
    /// The rules of the repository as applied last, which judge the next commit; nil when none were declared.
    var policy: (rules: Repository, spans: Spans)? {
        let declared = applied.first { $0.value.key.kind == .repository }.map { ($0.value, provenance[$0.key]) } ?? rest.rules
        guard let (row, provenance) = declared,
            case .repository(let rules) = try? Resource.decode(key: row.key, canonical: row.canonical).body
        else { return nil }
        return (rules, provenance?.spans ?? Spans(path: SourceFile.rulesPath))
    }
}
