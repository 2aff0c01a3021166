internal import HTTP

/// A client's exchange that notes for the request's span what is answered, and when.
final class TracedExchange: ClientExchange {
    private let client: any ClientExchange
    private let spans: RequestSpans

    init(_ client: any ClientExchange, _ spans: RequestSpans) {
        self.client = client
        self.spans = spans
    }

    var request: RequestHead { client.request }
    var peer: PeerAddress { client.peer }
    var isOpen: Bool { client.isOpen }
    var isWritable: Bool { client.isWritable }

    var onGone: (() -> Void)? {
        get { client.onGone }
        set { client.onGone = newValue }
    }

    var onWritable: (() -> Void)? {
        get { client.onWritable }
        set { client.onWritable = newValue }
    }

    var treatsHalfCloseAsGone: Bool {
        get { client.treatsHalfCloseAsGone }
        set { client.treatsHalfCloseAsGone = newValue }
    }

    func collectBody(max: Int, _ done: @escaping (UnsafeRawBufferPointer) -> Void) { client.collectBody(max: max, done) }
    func hold(_ count: Int) -> Bool { client.hold(count) }
    func giveBack(_ count: Int) { client.giveBack(count) }
    func releaseHeld() { client.releaseHeld() }
    func write(_ bytes: UnsafeRawBufferPointer) { client.write(bytes) }
    func write(_ bytes: [UInt8]) { client.write(bytes) }

    func respond(_ head: ResponseHead, body: [UInt8]) {
        if isOpen { spans.began(status: head.status) }
        client.respond(head, body: body)
        spans.ended()
    }

    func begin(_ head: ResponseHead) {
        if isOpen { spans.began(status: head.status) }
        client.begin(head)
    }

    func end() {
        client.end()
        spans.ended()
    }

    func abort() {
        client.abort()
        spans.ended()
    }
}
