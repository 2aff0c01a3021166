/// Bytes of a connection that have come and were not yet wanted: the beginning of a head, or what follows a message
/// while that is being dealt with.
struct HeldBytes {
    private var storage: [UInt8] = []
    private var start = 0

    var isEmpty: Bool { storage.count == start }

    mutating func removeAll() {
        storage = []
        start = 0
    }

    fileprivate mutating func append(_ bytes: UnsafeRawBufferPointer) {
        if start > storage.count / 2 {
            storage.removeFirst(start)
            start = 0
        }
        storage.append(contentsOf: bytes)
    }

    /// Hands everything out, to be given back: meanwhile its reader may drop the connection, and with it what is held.
    fileprivate mutating func take() -> HeldBytes {
        var taken = HeldBytes()
        swap(&taken, &self)
        return taken
    }

    fileprivate mutating func giveBack(_ taken: consuming HeldBytes, consumed: Int) {
        taken.start += consumed
        if !taken.isEmpty { self = taken }
    }

    fileprivate func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        storage.withUnsafeBytes { body($0.slice(from: start)) }
    }
}

/// One end of a connection, which takes messages out of its bytes.
protocol MessageReader: AnyObject {
    var held: HeldBytes { get set }
    /// Consumes as much of `bytes` as is wanted now and says how many that is. All of them when nothing will be any more.
    func process(_ bytes: UnsafeRawBufferPointer) -> Int
}

extension MessageReader {
    /// Reads on with bytes that have just come. When nothing is held, they are read where they lie.
    func read(_ bytes: UnsafeRawBufferPointer) {
        if held.isEmpty {
            let used = process(bytes)
            if used < bytes.count { held.append(bytes.slice(from: used)) }
        } else {
            held.append(bytes)
            readHeld()
        }
    }

    /// Reads on with what is held.
    func readHeld() {
        guard !held.isEmpty else { return }
        let taken = held.take()
        let used = taken.withBytes { process($0) }
        held.giveBack(taken, consumed: used)
    }
}
