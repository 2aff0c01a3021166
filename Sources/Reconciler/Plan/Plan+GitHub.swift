internal import Spec

extension Plan {
    /// The text, then annotations that GitHub shows beside the lines of a pull request, the riskiest first.
    ///
    /// `folder`, with its final slash, is what leads from the repository's root to where paths count from.
    package func github(blocks: [GuardBlock] = [], below folder: String = "") -> String {
        let all = blocks.map(\.annotation) + drift.map(\.annotation) + annotations
        var counts: [String: Int] = [:]
        let shown = all.filter { annotation in
            counts[annotation.level, default: 0] += 1
            return counts[annotation.level, default: 0] <= WorkflowCommand.annotationsMax
        }
        var lines = WorkflowCommand.muted(text(blocks: blocks)) + shown.map { $0.line(below: folder) }
        if shown.count < all.count {
            lines.append(
                "\(all.count - shown.count) of \(all.count) have no annotation: GitHub shows "
                    + "\(WorkflowCommand.annotationsMax) of each level")
        }
        return lines.joined(separator: "\n")
    }

    private var annotations: [Annotation] {
        changes.sorted { (-$0.risk.rawValue, $0.key) < (-$1.risk.rawValue, $1.key) }.map(\.annotation)
    }
}

/// A remark beside a line.
private struct Annotation {
    var level: String
    var place: Place?
    var title: String
    var message: String

    func line(below folder: String) -> String {
        var properties: [(String, String)] = []
        if let place {
            properties = [
                ("file", folder + place.path), ("line", "\(place.position.line)"), ("col", "\(place.position.column)"),
            ]
        }
        return WorkflowCommand.line(level, properties + [("title", title)], message)
    }
}

extension GuardBlock {
    fileprivate var annotation: Annotation {
        Annotation(level: "error", place: nil, title: "\(code) blocks the plan", message: "\(self)")
    }
}

extension Drift {
    fileprivate var annotation: Annotation {
        let lines = lines.map { String($0.drop { $0 == " " }) }
        return Annotation(
            level: "warning", place: place, title: "drift of \(resource.printable)",
            message: lines.joined(separator: "\n").shortened(to: Annotation.messageMax))
    }
}

extension Change {
    fileprivate var annotation: Annotation {
        let lines = remarks + fields.flatMap { $0.lines() }
        return Annotation(
            level: risk == .high ? "warning" : "notice",
            // What is deleted has no line in the commit.
            place: isDeletion ? nil : fields.lazy.compactMap(\.place).first ?? place,
            title: "\(symbol.meaning): \(title)",
            message: (lines.isEmpty ? title : lines.joined(separator: "\n")).shortened(to: Annotation.messageMax))
    }
}

extension Annotation {
    /// Characters; an annotation is a remark and no report.
    fileprivate static let messageMax = 1_500
}
