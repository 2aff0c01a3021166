internal import HTTP

/// One loop's clients, by the settings of the providers they connect to.
final class UpstreamClients {
    private let loop: EventLoop
    private let names: NameCache
    private let descriptorsMax: Int32
    private var clients: [ObjectIdentifier: (settings: UpstreamSettings, client: Client)] = [:]

    init(loop: EventLoop, descriptorsMax: Int32, onStaleName: @escaping () -> Void) {
        self.loop = loop
        self.descriptorsMax = descriptorsMax
        names = NameCache(loop: loop)
        names.onStaleAnswer = onStaleName
    }

    func client(for settings: UpstreamSettings) -> Client {
        if let known = clients[ObjectIdentifier(settings)] { return known.client }
        let client = settings.client(on: loop, names: names, descriptorsMax: descriptorsMax)
        clients[ObjectIdentifier(settings)] = (settings, client)
        return client
    }

    /// Lets go of the idle connections of providers that a new revision has no more. Requests under way go on.
    func keep(only used: [UpstreamSettings]) {
        let wanted = Set(used.map(ObjectIdentifier.init))
        for (id, entry) in clients where !wanted.contains(id) {
            entry.client.retire()
            clients[id] = nil
        }
    }
}
