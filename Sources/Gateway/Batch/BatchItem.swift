internal import HTTP

/// A request's place in a batch: what it is asked with, and what it was answered.
final class BatchItem: ClientExchange {
    private let client: Exchange
    private let body: Range<Int>
    private let batch: [UInt8]
    /// Called once, when the answer is here.
    private var onAnswer: ((BatchItem) -> Void)?
    private(set) var status = 0
    private(set) var headers = Headers()
    private(set) var answer: [UInt8] = []
    private var heldBytes = 0

    var onGone: (() -> Void)?
    var onWritable: (() -> Void)?

    /// `body` is the request's place in the bytes of the `batch`.
    init(of client: Exchange, batch: [UInt8], body: Range<Int>, _ onAnswer: @escaping (BatchItem) -> Void) {
        self.client = client
        self.batch = batch
        self.body = body
        self.onAnswer = onAnswer
    }

    var request: RequestHead { client.request }
    var peer: PeerAddress { client.peer }
    var isOpen: Bool { client.isOpen && onAnswer != nil }
    /// Nothing is sent before all of the batch is answered.
    var isWritable: Bool { true }

    var treatsHalfCloseAsGone: Bool {
        get { client.treatsHalfCloseAsGone }
        set { client.treatsHalfCloseAsGone = newValue }
    }

    func collectBody(max: Int, _ done: @escaping (UnsafeRawBufferPointer) -> Void) {
        batch.withUnsafeBytes { done(UnsafeRawBufferPointer(rebasing: $0[body])) }
    }

    func hold(_ count: Int) -> Bool {
        guard client.hold(count) else { return false }
        heldBytes += count
        return true
    }

    func giveBack(_ count: Int) {
        let count = min(count, heldBytes)
        heldBytes -= count
        client.giveBack(count)
    }

    /// The answer is kept until the batch is answered.
    func releaseHeld() { giveBack(max(0, heldBytes - answer.count)) }

    func respond(_ head: ResponseHead, body: [UInt8]) {
        begin(head)
        write(body)
        end()
    }

    func begin(_ head: ResponseHead) {
        status = head.status
        headers = head.headers
    }

    func write(_ bytes: UnsafeRawBufferPointer) { answer.append(contentsOf: bytes) }
    func write(_ bytes: [UInt8]) { answer.append(contentsOf: bytes) }

    func end() {
        guard let tell = onAnswer else { return }
        onAnswer = nil
        onGone = nil
        onWritable = nil
        tell(self)
    }

    func abort() {
        status = 0
        end()
    }

    /// The client of the batch has left.
    func lost() {
        let tell = onGone
        onAnswer = nil
        onGone = nil
        tell?()
    }
}
