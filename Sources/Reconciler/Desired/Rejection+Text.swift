internal import Spec

extension Rejection {
    /// The errors as `charter validate` shows them; the warnings are counted.
    package var text: String {
        diagnostics.filter { $0.severity == .error }.map { Rendering.text($0) + "\n\n" }.joined()
            + "\(commit.title) is rejected: \(Rendering.tally(diagnostics)); nothing was changed"
    }
}
