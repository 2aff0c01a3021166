/// The requests of a loop that have been admitted and are not over, in no order. Each knows its place, so that coming and
/// going cost next to nothing.
struct OpenRequests {
    private(set) var all: [GatewayRequest] = []

    mutating func insert(_ request: GatewayRequest) {
        request.place = all.count
        all.append(request)
    }

    /// Does nothing with one that is not here.
    mutating func remove(_ request: GatewayRequest) {
        guard request.place >= 0 else { return }
        let last = all.removeLast()
        if last !== request {
            all[request.place] = last
            last.place = request.place
        }
        request.place = -1
    }
}
