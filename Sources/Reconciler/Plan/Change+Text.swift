internal import Spec

/// The one alphabet of plans, for resources and their fields alike.
package enum ChangeSymbol: Character, CaseIterable, Sendable {
    /// Changed by another hand: drift, or a field that both sides changed.
    case amiss = "!"
    case added = "+"
    case changed = "~"
    case renamed = "→"
    case removed = "-"

    package var meaning: String {
        switch self {
        case .amiss: "changed by another hand"
        case .added: "added"
        case .changed: "changed"
        case .renamed: "renamed"
        case .removed: "removed"
        }
    }
}

extension Change {
    package var symbol: ChangeSymbol {
        switch action {
        case .create: .added
        case .update: .changed
        case .rename: .renamed
        case .delete: .removed
        }
    }

    /// The resource with its place, commit and author, and below it why, and each field that differs.
    package var lines: [String] {
        let width = fields.map(\.path.count).filter { $0 <= Self.alignedPathMax }.max() ?? 0
        var lines = ["  \(symbol.rawValue) \(title)    \(location)\(origin.byline)"]
        lines += remarks.map { "      \($0)" }
        for field in fields { lines += field.lines(pathWidth: width).map { "      \($0)" } }
        if !fields.isEmpty && otherFields > 0 {
            lines.append("        (\(otherFields) unchanged field\(otherFields == 1 ? "" : "s"))")
        }
        return lines
    }

    /// Characters of a path beyond which the values beside it are not aligned with it.
    private static let alignedPathMax = 48

    var title: String {
        if case .rename(let from, _) = action { "\(from) → \(key)" } else { "\(key)" }
    }

    private var location: String {
        guard let place else { return "" }
        if case .delete = action { return "was \(place.description.printable)  " }
        return "\(place.description.printable)\(oldPlace.map { $0.path == place.path ? "" : $0.remark(beside: place) } ?? "")  "
    }

    /// Why a resource goes, and of which other one it may be the next name, without full stops.
    var remarks: [String] {
        var remarks: [String] = []
        if let reason { remarks.append("because \(reason.text)") }
        if let lookalike {
            remarks.append(
                isDeletion
                    ? "perhaps \(lookalike) under its old name, see there"
                    : "looks like \(lookalike), which is deleted; add previousNames: [\(lookalike.name)] and it keeps its usage")
        }
        return remarks
    }
}

extension FieldChange {
    package var symbol: ChangeSymbol {
        if isConflict { return .amiss }
        if old == nil { return .added }
        return new == nil ? .removed : .changed
    }

    /// The field with both values and both places; below it what is against it.
    package func lines(pathWidth: Int = 0) -> [String] {
        let name = path + String(repeating: " ", count: max(0, pathWidth - path.count))
        var lines = ["\(symbol.rawValue) \(name)  \(values)\(whereabouts)"]
        if isConflict {
            lines.append("    conflict: also changed in the database, to \(ValueText.shown(found)); see the drift above")
        }
        return lines
    }

    /// What became of what, in a few words.
    var values: String {
        if let change = ValueText.listChange(from: old, to: new) { return change }
        switch (old, new) {
        case (nil, let new): return ValueText.shown(new)
        case (let old, nil): return ValueText.shown(old)
        case (let old, let new): return "\(ValueText.shown(old)) → \(ValueText.shown(new))"
        }
    }

    private var whereabouts: String {
        guard let place else { return oldPlace.map { "    was \($0.description.printable)" } ?? "" }
        return "    \(place.description.printable)\(oldPlace?.remark(beside: place) ?? "")"
    }
}

extension Place {
    /// ` (was 8:12)`, with the path where that is another.
    fileprivate func remark(beside place: Place) -> String {
        " (was \(path == place.path ? "\(position.line):\(position.column)" : description.printable))"
    }
}
