internal import HTTP
internal import Policy

extension WebOrigin {
    /// The pages that send a request; nil where it names none.
    init?(of request: RequestHead) {
        guard request.hasOrigin, let text = request.headers["origin"] else { return nil }
        self.init(text)
    }
}
