package import Spec
package import Store

/// `charter audit verify`: whether the record of administrative acts is whole.
package struct AuditVerification: Sendable {
    /// Heads that were logged earlier; each must be a link of the chain.
    package var known: [AuditHead]

    package init(known: [AuditHead] = []) { self.known = known }

    /// Reads alone, in pages with a transaction each; throws only where the database cannot be asked.
    package func run(_ connection: Connection) throws -> AuditReport {
        AuditReport(verdict: try Audit.verify(connection, known: known), known: Set(known).count)
    }
}

/// What a verification found.
package struct AuditReport: Sendable {
    package let verdict: AuditVerdict
    /// How many logged heads it was held against.
    let known: Int

    package var isIntact: Bool { if case .intact = verdict { true } else { false } }

    package var text: String {
        switch verdict {
        case .intact(let head):
            let proved = known == 0 ? "" : known == 1 ? "\nThe head that was given is a link of it." : "\nThe \(known) heads that were given are links of it."
            return "The audit is intact: \(head.sequence) acts, head \(head).\(proved)"
        case .broken(let broken): return "The audit is broken at act \(broken.sequence): \(broken.sentence)."
        }
    }

    package var json: JSONTree {
        switch verdict {
        case .intact(let head):
            .object([
                ("format", .int(1)), ("intact", .bool(true)), ("count", .int(head.sequence)), ("head", .string(head.description)),
                ("proved", .int(Int64(known))),
            ])
        case .broken(let broken):
            .object([
                ("format", .int(1)), ("intact", .bool(false)), ("sequence", .int(broken.sequence)), ("fault", .string(broken.name)),
                ("reason", .string(broken.sentence)),
            ])
        }
    }
}

extension AuditBreak {
    /// For programs.
    fileprivate var name: String {
        switch fault {
        case .changed: "changed"
        case .missing: "missing"
        case .outOfOrder: "out_of_order"
        case .headDiffers: "head_differs"
        case .rewritten: "rewritten"
        case .cutOff: "cut_off"
        }
    }

    /// Without a full stop.
    fileprivate var sentence: String {
        switch fault {
        case .changed: "the row was changed; its hash is not that of what it says"
        case .missing(let last) where last > sequence: "the rows \(sequence) to \(last) are missing"
        case .missing: "the row is missing"
        case .outOfOrder: "the row is sound by itself and does not follow the one before it, so one of them was replaced or moved"
        case .headDiffers: "the rows end in another way than charter.audit_head says, so the newest rows or that one row were changed"
        case .rewritten: "the head that was logged has another hash for this act, so the chain was written anew up to here"
        case .cutOff: "the head that was logged names this act, and the chain ends before it"
        }
    }
}
