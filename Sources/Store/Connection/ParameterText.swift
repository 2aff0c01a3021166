/// The text of all parameters of one statement in one allocation, as libpq wants it: pointers to C strings.
struct ParameterText {
    private var bytes: [CChar] = []
    /// Where each parameter begins in `bytes`; nil is NULL.
    private var offsets: [Int?] = []

    /// Refuses a NUL character, which would cut a C string short without a word.
    init(_ values: [SQLValue]) throws(DatabaseError) {
        let texts = values.map(\.text)
        bytes.reserveCapacity(texts.reduce(0) { $0 + ($1?.utf8.count ?? 0) + 1 })
        for text in texts {
            guard let text else {
                offsets.append(nil)
                continue
            }
            offsets.append(bytes.count)
            guard !text.utf8.contains(0) else {
                throw DatabaseError(.characterNotInRepertoire, "a text holds the character U+0000")
            }
            bytes.append(contentsOf: text.utf8.lazy.map { CChar(bitPattern: $0) })
            bytes.append(0)
        }
    }

    func withPointers<T>(_ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> T) -> T {
        bytes.withUnsafeBufferPointer { bytes in
            offsets.map { offset in offset.flatMap { offset in bytes.baseAddress.map { $0 + offset } } }
                .withUnsafeBufferPointer { body($0.baseAddress) }
        }
    }
}

/// A list of C strings that ends with a null pointer.
enum CStrings {
    static func withPointers<T>(_ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> T) -> T {
        let bytes = texts.map { Array($0.utf8CString) }
        var pointers: [UnsafePointer<CChar>?] = []
        return append(bytes[...], &pointers, body)
    }

    private static func append<T>(
        _ rest: ArraySlice<[CChar]>, _ pointers: inout [UnsafePointer<CChar>?],
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> T
    ) -> T {
        guard let first = rest.first else {
            return (pointers + [nil]).withUnsafeBufferPointer { body($0.baseAddress) }
        }
        return first.withUnsafeBufferPointer { buffer in
            pointers.append(buffer.baseAddress)
            return append(rest.dropFirst(), &pointers, body)
        }
    }
}
