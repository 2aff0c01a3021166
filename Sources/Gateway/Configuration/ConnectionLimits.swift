/// How many connections a gateway takes.
package struct ConnectionLimits: Hashable, Sendable {
    /// Of all clients; what the process's descriptors allow when nil.
    package var total: Int?
    /// Of one client, which is an IPv4 address or an IPv6 network of 64 bits; half of all when nil.
    package var perClient: Int?

    package init() {}

    /// The admin listener's own, so that it answers whatever the clients do.
    static let adminMax = 64
    /// Descriptors that clients and providers leave alone: for the admin listener, the journal and PostgreSQL.
    static let reservedDescriptors = 16
    /// What a process has open without any client.
    private static let ownDescriptors = 32
    private static let totalMax = 50_000

    /// As many as there are descriptors for: a client's request needs one more, to its provider.
    func total(descriptors: Int) -> Int {
        let affordable = max(1, (descriptors - Self.reservedDescriptors - Self.ownDescriptors) / 2)
        return min(total ?? Self.totalMax, affordable)
    }

    func perClient(of total: Int) -> Int { perClient ?? max(1, total / 2) }
}
