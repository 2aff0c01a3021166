package import Spec

/// What differs between two states, wherever they come from: one value for all that `charter diff` compares.
package struct DifferenceReport: Sendable {
    package var from: Side
    package var to: Side
    /// What hands changed in the database, where that is one of the sides.
    package var drift: [Drift] = []
    package var changes: [Change]
    /// Sentences, without full stops.
    package var notes: [String] = []

    /// One of the two states.
    package struct Side: Sendable {
        /// As in `From … to …`.
        package var title: String
        package var json: JSONTree
    }

    package var isEmpty: Bool { changes.isEmpty && drift.isEmpty }

    /// Nil where the form has nothing to say.
    package func rendered(as form: DifferenceForm) -> String? {
        switch form {
        case .text: text
        case .names: isEmpty ? nil : names.joined(separator: "\n")
        case .quiet: nil
        case .json: json.text
        }
    }

    /// As people read it: drift first, then each change with its place, commit and author, then the tally.
    var text: String {
        let heading = ["From \(from.title) to \(to.title)"] + notes.map { "Note: \($0)." }
        guard !isEmpty else { return (heading + ["", "Nothing differs."]).joined(separator: "\n") }
        let drift = Drift.lines(of: drift, since: nil)
        let lines = changes.isEmpty ? [] : [""] + changes.flatMap(\.lines)
        return (heading + ["Symbols: \(symbols)"] + drift + lines + ["", closing]).joined(separator: "\n")
    }

    /// One resource a line, after the symbol of what differs.
    private var names: [String] {
        drift.map { "\(ChangeSymbol.amiss.rawValue) \($0.resource.printable)" }
            + changes.map { "\($0.symbol.rawValue) \($0.title)" }
    }

    /// Only those that are used, in the order of their meaning.
    private var symbols: String {
        let used = Set(changes.flatMap { [$0.symbol] + $0.fields.map(\.symbol) } + (drift.isEmpty ? [] : [.amiss]))
        return ChangeSymbol.allCases.filter(used.contains).map { "\($0.rawValue) \($0.meaning)" }.joined(separator: "  ")
    }

    private var closing: String {
        "Differences: \(Tally(of: changes, drifted: 0).words)\(drift.isEmpty ? "" : ", \(drift.count) drifted")."
    }

    var json: JSONTree {
        .object([
            ("format", .int(1)), ("from", from.json), ("to", to.json), ("drift", .array(drift.map(\.json))),
            ("changes", .array(changes.map(\.json))), ("tally", Tally(of: changes, drifted: drift.count).json),
        ])
    }
}

/// How much of a difference is told.
package enum DifferenceForm: String, Sendable {
    case text
    /// Only what differs, not how.
    case names
    /// By the exit code alone.
    case quiet
    case json
}
