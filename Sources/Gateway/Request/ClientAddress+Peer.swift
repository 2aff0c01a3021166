internal import HTTP
internal import Policy

extension ClientAddress {
    /// The address at the other end of a client's connection.
    init(_ peer: NetworkAddress) { self.init(high: peer.high, low: peer.low, isIPv4: peer.isIPv4) }
}
