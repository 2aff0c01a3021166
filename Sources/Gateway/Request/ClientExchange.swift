internal import HTTP

/// One request and the way to answer it: a client's own, or a place in a batch. Confined to its loop's thread; every call after the
/// end does nothing.
protocol ClientExchange: AnyObject {
    var request: RequestHead { get }
    var peer: PeerAddress { get }
    var isOpen: Bool { get }
    var isWritable: Bool { get }
    var onGone: (() -> Void)? { get set }
    var onWritable: (() -> Void)? { get set }
    var treatsHalfCloseAsGone: Bool { get set }

    func collectBody(max: Int, _ done: @escaping (UnsafeRawBufferPointer) -> Void)
    func hold(_ count: Int) -> Bool
    func giveBack(_ count: Int)
    func releaseHeld()
    func respond(_ head: ResponseHead, body: [UInt8])
    func begin(_ head: ResponseHead)
    func write(_ bytes: UnsafeRawBufferPointer)
    func write(_ bytes: [UInt8])
    func end()
    func abort()
}

extension Exchange: ClientExchange {}
