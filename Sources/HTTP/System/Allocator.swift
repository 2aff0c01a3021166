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

    /// Gives whole pages that nothing is kept on any more back to the system (malloc_trim(3)).
    ///
    /// Holds up each thread that allocates for as long as its part of the heap takes, milliseconds where much was freed.
    package static func trim() { _ = malloc_trim(0) }
}
