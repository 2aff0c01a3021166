internal import CLibPQ
package import Crypto
internal import Spec

extension Transaction {
    /// Loads rows by COPY in text format; `target` is a constant like `charter.usage (at, org)`.
    ///
    /// - Returns: how many rows the server took.
    @discardableResult
    package func copy(into target: String, _ rows: CopyRows) throws(DatabaseError) -> Int {
        try copy(into: target) { handle throws(DatabaseError) in try send(rows.bytes[...], handle) }
    }

    /// Loads one row for each element, made by `append` and sent some at a time, so that no more of them exist at once.
    @discardableResult
    func copy<Element>(
        into target: String, _ elements: some Collection<Element>, _ append: (Element, inout CopyRows) -> Void
    ) throws(DatabaseError) -> Int {
        try copy(into: target) { handle throws(DatabaseError) in
            var rows = CopyRows()
            for element in elements {
                append(element, &rows)
                rows.endRow()
                guard rows.bytes.count >= Self.copyBytesMax else { continue }
                try send(rows.bytes[...], handle)
                rows.bytes.removeAll(keepingCapacity: true)
            }
            try send(rows.bytes[...], handle)
        }
    }

    private func copy(
        into target: String, _ sendRows: (OpaquePointer) throws(DatabaseError) -> Void
    ) throws(DatabaseError) -> Int {
        try checkOpen()
        try connection.execute(script: "COPY \(target) FROM STDIN")
        // An error here is that of the session: what the server minds of the rows is its answer to their end.
        try sendRows(connection.handle)
        Failpoint.midCopy.reach()
        try postgres(connection.handle, succeeded: { $0 == 1 }) { PQputCopyEnd($0, nil) }
        return try connection.answer().affected
    }

    private func send(_ bytes: ArraySlice<UInt8>, _ handle: OpaquePointer) throws(DatabaseError) {
        var rest = bytes
        while !rest.isEmpty {
            let part = rest.prefix(Self.copyBytesMax)
            try postgres(handle, succeeded: { $0 == 1 }) { handle in
                part.withUnsafeBytes {
                    PQputCopyData(handle, $0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32($0.count))
                }
            }
            // Or libpq would keep in memory what a slow server does not take.
            try connection.flush(until: .now + connection.patience)
            rest = rest.dropFirst(part.count)
        }
    }

    /// One libpq call copies this much into its buffer.
    private static let copyBytesMax = 1 << 18
}

/// Rows in COPY's text format (PostgreSQL manual, "COPY", File Formats).
package struct CopyRows: Sendable {
    fileprivate(set) var bytes: [UInt8] = []
    private var isRowStart = true

    package init() {}

    /// A part of a row, for `append(columns:)`.
    init(columns: [String?]) {
        for column in columns { append(column) }
    }

    mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }

    package mutating func append(_ value: Int64) {
        separate()
        DecimalText.append(value, to: &bytes)
    }

    mutating func append(_ value: Instant) {
        separate()
        SQLInstant.append(value, to: &bytes)
    }

    /// Columns that were made into text before.
    mutating func append(columns: CopyRows) {
        separate()
        bytes.append(contentsOf: columns.bytes)
    }

    package mutating func append(_ value: Bool) {
        separate()
        bytes.append(UInt8(ascii: value ? "t" : "f"))
    }

    package mutating func append(_ value: String?) {
        separate()
        guard var text = value else {
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(UInt8(ascii: "N"))
            return
        }
        text.withUTF8 { text in
            // Most texts need none, and are looked through much quicker than they are copied byte by byte.
            var escapes: UInt8 = 0
            for byte in text { escapes |= Self.needsEscape(byte) ? 1 : 0 }
            if escapes != 0 {
                for byte in text { appendEscaped(byte) }
            } else {
                bytes.append(contentsOf: text)
            }
        }
    }

    /// A `bytea`.
    package mutating func append(_ value: SHA256Digest) {
        append("\\x" + value.hex)
    }

    package mutating func endRow() {
        bytes.append(UInt8(ascii: "\n"))
        isRowStart = true
    }

    private mutating func separate() {
        if !isRowStart { bytes.append(UInt8(ascii: "\t")) }
        isRowStart = false
    }

    private static func needsEscape(_ byte: UInt8) -> Bool { byte < UInt8(ascii: " ") || byte == UInt8(ascii: "\\") }

    private mutating func appendEscaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\\"): bytes.append(contentsOf: [byte, byte])
        case UInt8(ascii: "\t"): bytes.append(contentsOf: "\\t".utf8)
        case UInt8(ascii: "\n"): bytes.append(contentsOf: "\\n".utf8)
        case UInt8(ascii: "\r"): bytes.append(contentsOf: "\\r".utf8)
        // PostgreSQL's text holds no U+0000; what a client sent must never stop the ledger.
        case 0: bytes.append(contentsOf: "\u{FFFD}".utf8)
        default: bytes.append(byte)
        }
    }
}
