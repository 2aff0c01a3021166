/// A document that was written for another program, of which one thing is said and no more.
struct ForeignDocument {
    private var code: DiagnosticCode
    private var message: String
    private var extent: Extent?

    private static let hint =
        "every file that ends in .yaml or .yml is read; keep those of other programs outside of this folder, or in one whose name begins with a dot"
    private static let names = ["apiVersion", "kind", "metadata", "spec"]

    /// Nil for a document that may be meant for Charter.
    init?(_ entries: [Node.Entry]) {
        if let stranger = Self.kindOfStranger(entries) {
            code = .kindUnknown
            message = "`\(stranger.kind)` of `\(stranger.version)` is declared for another program"
            extent = stranger.extent
            return
        }
        guard !entries.isEmpty, !entries.contains(where: Self.isOfEnvelope) else { return nil }
        code = .documentNotMapping
        message = "this is no declaration: it has none of " + Self.names.map { "`\($0)`" }.joined(separator: ", ")
    }

    func report(to reading: Reading, beginning start: Extent) {
        reading.report(code, extent ?? Extent(position: start.position, length: 1), message, hint: Self.hint)
    }

    /// Whether a field is one of the envelope's, or likely meant to be.
    private static func isOfEnvelope(_ entry: Node.Entry) -> Bool {
        if names.contains(entry.key) || entry.isMergeKey { return true }
        return Suggestion.nearest(to: Lookalikes.ascii(of: entry.key) ?? entry.key, among: names) != nil
    }

    /// A kind that is none of ours, under a version that is not ours either.
    private static func kindOfStranger(_ entries: [Node.Entry]) -> (kind: String, version: String, extent: Extent)? {
        guard let version = entries.first(where: { $0.key == "apiVersion" })?.value.text,
            version != currentAPIVersion, !version.hasPrefix("charter"),
            Suggestion.nearest(to: version, among: [currentAPIVersion]) == nil,
            let kind = entries.first(where: { $0.key == "kind" })?.value, let name = kind.text,
            Suggestion.nearest(to: Lookalikes.ascii(of: name) ?? name, among: Kind.allCases.map(\.rawValue)) == nil
        else { return nil }
        return (name, version, kind.extent)
    }
}
