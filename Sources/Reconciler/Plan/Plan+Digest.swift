package import Crypto
internal import Spec
internal import Store

extension Plan {
    /// Names what the plan would do from where: the unit, the state it begins at, and every change of a resource.
    ///
    /// The same for a newer commit that asks for the same. Drift has no part in it, since putting it right is never in
    /// doubt; see `driftDigest`.
    package var digest: SHA256Digest {
        var text = PlanDigestText("charter plan 1")
        text.add(unit)
        text.add(base.map { "\($0.revision)" } ?? "")
        text.add(base?.commit ?? "")
        // Over every resource of the unit as it will be, so it stands for all values; other units may move meanwhile.
        text.add(unitDigest.hex)
        for change in changes { text.add(change) }
        for key in retained { text.add("keep \(key)") }
        return text.digest
    }

    /// What lets the plan pass in spite of these blocks; nil where nothing does.
    func approvalCommand(for blocks: [GuardBlock]) -> String? { ApprovalCommand.text(digest: digest.hex, blocks: blocks) }

    /// Names what was found changed in the database.
    package var driftDigest: SHA256Digest {
        var text = PlanDigestText("charter drift 1")
        for drift in drift { text.add(drift.json.text) }
        return text.digest
    }
}

extension Change {
    /// Names all that happens to the resource.
    var digest: SHA256Digest {
        var text = PlanDigestText("charter change 1")
        text.add(self)
        return text.digest
    }
}

/// Parts that cannot run into each other: each is preceded by its length.
private struct PlanDigestText {
    private var text: String

    init(_ name: String) { text = name }

    mutating func add(_ part: String) { text += "\n\(part.utf8.count) \(part)" }

    mutating func add(_ change: Change) {
        // A uid that is yet to be minted is another one in each plan.
        let from: String = if case .rename(let from, _) = change.action { "\(from)" } else { "" }
        add("\(change.symbol.rawValue) \(change.key) \(from)")
        for field in change.fields {
            add(field.pointer)
            add(field.old ?? "")
            add(field.new ?? "")
        }
    }

    var digest: SHA256Digest { SHA256.digest(text) }
}
