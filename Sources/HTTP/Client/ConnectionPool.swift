/// The idle connections of one origin. The one used last is taken first, so that the others age and leave.
final class ConnectionPool {
    private var idle: [ClientConnection] = []
    private let max: Int

    init(max: Int) { self.max = max }

    var count: Int { idle.count }

    func take() -> ClientConnection? {
        guard let connection = idle.popLast() else { return nil }
        connection.poolIndex = nil
        return connection
    }

    /// Keeps an idle connection; false when there are enough.
    func keep(_ connection: ClientConnection) -> Bool {
        guard idle.count < max else { return false }
        connection.poolIndex = idle.count
        idle.append(connection)
        return true
    }

    func remove(_ connection: ClientConnection) {
        guard let index = connection.poolIndex else { return }
        connection.poolIndex = nil
        let last = idle.removeLast()
        if last !== connection {
            idle[index] = last
            last.poolIndex = index
        }
    }

    func closeAll() {
        while let connection = take() { connection.close() }
    }
}
