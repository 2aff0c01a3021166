internal import CLinux

/// The C library's allocator, from which Swift takes all memory.
package enum Allocator {
    /// Storage of a mebibyte and more goes back to the system when it is freed, from now on (mallopt(3)).
    ///
    /// Else the first body of twenty mebibytes would raise, for the life of the process, the size from which the allocator does so,
    /// and with it how much it keeps for later.
    package static func returnLargeBlocks() {
        _ = mallopt(M_MMAP_THRESHOLD, 1 << 20)
        _ = mallopt(M_TRIM_THRESHOLD, 4 << 20)
    }
}
