/// How far something is that goes through the rows of the ledger.
package enum LedgerProgress: Hashable, Sendable {
    case looking
    /// So many rows are to be gone through.
    case begun(rows: Int)
    /// So many more of them are done.
    case advanced(rows: Int)
}
