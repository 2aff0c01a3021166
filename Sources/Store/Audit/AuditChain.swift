internal import Crypto

/// The chain of acts walked from its beginning; a value, so that the rows may come in pages.
struct AuditChain {
    private(set) var count: Int64 = 0
    private var last = SHA256Digest(lanes: (0, 0, 0, 0))
    /// Heads that were logged and are still to come, the last one first.
    private var known: [AuditHead]

    init(known: [AuditHead]) { self.known = known.sorted { $0.sequence > $1.sequence } }

    var head: AuditHead { AuditHead(sequence: count, hash: last.hex) }

    /// Goes on by one row; answers what is wrong with it.
    mutating func follow(_ record: AuditRecord, isWhole: Bool) -> AuditBreak? {
        guard record.sequence == count + 1 else { return AuditBreak(count + 1, .missing(through: record.sequence - 1)) }
        let hash = record.hash(after: last)
        guard isWhole, record.previous == last.hex, record.hash == hash.hex else {
            return AuditBreak(record.sequence, fault(of: record, isWhole))
        }
        (count, last) = (count + 1, hash)
        while let next = known.last, next.sequence <= count {
            known.removeLast()
            if next != head { return AuditBreak(count, .rewritten) }
        }
        return nil
    }

    private func fault(of record: AuditRecord, _ isWhole: Bool) -> AuditBreak.Fault {
        guard isWhole, record.previous != last.hex, let previous = SHA256Digest(hex: record.previous) else { return .changed }
        return record.hash == record.hash(after: previous).hex ? .outOfOrder : .changed
    }

    /// Holds the end of the rows against the end that was kept beside them; nil for none.
    func end(_ kept: AuditHead?) -> AuditVerdict {
        guard let kept else { return .broken(AuditBreak(count, .headDiffers)) }
        if kept.sequence > count { return .broken(AuditBreak(count + 1, .missing(through: kept.sequence))) }
        if kept != head { return .broken(AuditBreak(count, .headDiffers)) }
        if let lost = known.last { return .broken(AuditBreak(lost.sequence, .cutOff)) }
        return .intact(head)
    }
}
