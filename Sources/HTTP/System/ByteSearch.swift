internal import CLinux

extension UnsafeRawBufferPointer {
    /// Where `wanted` stands first at or behind `start`; nil where it does not. Linear in the bytes, whatever they and `wanted` are
    /// (glibc's two-way search), since both may be a stranger's.
    func firstIndex(of wanted: [UInt8], from start: Int) -> Int? {
        guard let base = baseAddress, start < count, !wanted.isEmpty,
            let found = memmem(base + start, count - start, wanted, wanted.count)
        else { return nil }
        return UnsafeRawPointer(found) - base
    }
}
