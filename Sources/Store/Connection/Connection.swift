internal import CLibPQ
internal import Glibc

/// One session with PostgreSQL, confined to the thread that uses it; every call blocks, so never on an event loop.
///
/// Nothing is left in the session between transactions, so a pooler in transaction mode may stand between. No call blocks
/// for ever: a server that is silent for longer than the statement may take is given up (`Connection+Waiting`).
package final class Connection {
    let handle: OpaquePointer
    /// How long the server may stay silent while it works on one statement.
    var patience = Connection.standardPatience
    /// What one statement of any transaction may take at most, whatever the transaction allows.
    package var timeoutMax = Duration.seconds(Int64.max)
    /// Asked several times a second while the server is waited for; false gives the session up.
    package var goesOnWaiting: () -> Bool = { true }
    /// The account of who runs a command, whatever name they give: the record of acts says it too. Nil where no person runs the program.
    package var account: String?
    /// That the session was given up, whatever libpq knows of it.
    private(set) var isAbandoned = false

    /// Connects to a URL or `key=value` string (PostgreSQL manual, 34.1.1), which may override every default but the encoding.
    package init(_ url: String) throws(DatabaseError) {
        _ = try DatabaseURL(url)
        let handle = Self.connect(url)
        guard let handle else { throw DatabaseError(.connectionFailure, "out of memory") }
        guard PQstatus(handle) == CONNECTION_OK else {
            let error = connectionError(handle)
            PQfinish(handle)
            throw error
        }
        self.handle = handle
        // Notices say that something already existed; nobody reads them, and the default prints them.
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        PQsetnonblocking(handle, 1)
    }

    deinit { PQfinish(handle) }

    /// The descriptor to poll for notifications.
    package var socket: Int32 { PQsocket(handle) }

    /// Whether the server was still there at the last call.
    package var isOpen: Bool { !isAbandoned && PQstatus(handle) == CONNECTION_OK }

    /// Connects anew after a loss; does nothing while the session stands.
    package func reconnect() throws(DatabaseError) {
        guard !isOpen else { return }
        PQreset(handle)
        isAbandoned = false
        guard isOpen else { throw connectionError(handle) }
        PQsetnonblocking(handle, 1)
    }

    /// Ends the session at once, without a word to a server that may not listen.
    func abandon() {
        isAbandoned = true
        shutdown(socket, Int32(SHUT_RDWR))
    }

    /// Runs one statement with its parameters apart from its text.
    func execute(_ sql: String, _ values: [SQLValue]) throws(DatabaseError) -> Rows {
        let parameters = try ParameterText(values)
        try postgres(handle, succeeded: { $0 == 1 }) { handle in
            parameters.withPointers { PQsendQueryParams(handle, sql, Int32(values.count), nil, $0, nil, nil, 0) }
        }
        return try answer()
    }

    /// Runs several statements of constant text at once.
    @discardableResult
    func execute(script: String) throws(DatabaseError) -> Rows {
        try postgres(handle, succeeded: { $0 == 1 }) { PQsendQuery($0, script) }
        return try answer()
    }

    /// What a session begins with; the URL comes after and wins.
    private static let defaults = [
        ("connect_timeout", "5"),
        // A peer that vanished is noticed within about half a minute, also while data of ours is unacknowledged.
        ("keepalives_idle", "10"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
        ("tcp_user_timeout", "30000"),
        ("fallback_application_name", "charter"),
    ]

    private static func connect(_ url: String) -> OpaquePointer? {
        let settings = defaults + [("dbname", url), ("client_encoding", "UTF8")]
        return CStrings.withPointers(settings.map(\.0)) { keys in
            CStrings.withPointers(settings.map(\.1)) { values in
                PQconnectdbParams(keys, values, 1)
            }
        }
    }
}
