/// Whether the chain of administrative acts is whole.
package enum AuditVerdict: Hashable, Sendable {
    case intact(AuditHead)
    case broken(AuditBreak)
}

/// The first place at which the chain does not hold.
package struct AuditBreak: Hashable, Sendable {
    /// Of the row that is wrong, or that should be there.
    package var sequence: Int64
    package var fault: Fault

    package init(_ sequence: Int64, _ fault: Fault) { (self.sequence, self.fault) = (sequence, fault) }

    package enum Fault: Hashable, Sendable {
        /// Its hash is not that of what it says.
        case changed
        /// It is not there, nor are those up to this one.
        case missing(through: Int64)
        /// It is sound by itself and follows another row than the one before it: that one was replaced, or this one moved.
        case outOfOrder
        /// The rows are a chain whose end is not the one that was kept beside it.
        case headDiffers
        /// A head that was logged names this act with another hash: the chain was written anew.
        case rewritten
        /// A head that was logged names this act, and the chain ends before it.
        case cutOff
    }
}
