internal import Glibc

/// One block of an event stream: its lines up to and including the blank line that ends it.
///
/// The buffers belong to the parser and are valid only inside the call that hands them over.
package struct SSEEvent {
    /// Every byte of the block as it arrived; the blocks of a stream put together are the stream.
    package let raw: UnsafeRawBufferPointer
    /// The value of the last `event` field; empty when there was none, which means `message`.
    package let name: UnsafeRawBufferPointer
    /// The values of the `data` fields, joined by line feeds.
    package let data: UnsafeRawBufferPointer
    /// Whether there was a `data` field. A block without one (comments, a blank line) is relayed, never dispatched.
    package let hasData: Bool

    package func dataEquals(_ text: StaticString) -> Bool { Self.equals(data, text) }

    package func isNamed(_ text: StaticString) -> Bool { Self.equals(name, text) }

    private static func equals(_ bytes: UnsafeRawBufferPointer, _ text: StaticString) -> Bool {
        guard bytes.count == text.utf8CodeUnitCount else { return false }
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return true }
        return memcmp(start, text.utf8Start, bytes.count) == 0
    }
}

/// Why an event stream cannot be followed further.
package enum SSEError: Error, Equatable, Sendable {
    /// A block grew over the limit, given in bytes.
    case eventTooLarge(limit: Int)
}
