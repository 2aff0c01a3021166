internal import Crypto
internal import HTTP
internal import Spec
internal import Store

/// One call that was let through, with what its route needs to carry it out. Confined to the thread of its connection.
struct AdminCall {
    let caller: Caller
    let request: AdminRequest
    let route: AdminRoute
    /// By the names of the route's path.
    let path: [String: String]
    let query: [String: String]
    let body: AdminBody
    let connection: Connection
    /// Of the whole API.
    let table: AdminTable
    /// Where it may wait for a change.
    let waits: ChangeWaits
    let metrics: AdminMetrics

    /// Items on one page.
    static let pageMax = 200
    private static let pageUsual = 50

    /// The path's organization, where it is one that is applied.
    func org(_ transaction: Transaction) throws -> String {
        let name = try name("org")
        guard try Resources.one(transaction, ResourceKey(org: name, kind: .organization, name: name)) != nil else { throw Problem.notFound }
        return name
    }

    /// A name of the path; what cannot be one is nowhere.
    func name(_ part: String) throws(Problem) -> String {
        guard let name = path[part], Names.isResourceName(name) else { throw .notFound }
        return name
    }

    func limit() throws(Problem) -> Int {
        guard let text = query["limit"] else { return Self.pageUsual }
        guard let limit = Int(text), (1...Self.pageMax).contains(limit) else {
            throw Problem(.malformed, "limit is a number from 1 to \(Self.pageMax)")
        }
        return limit
    }

    /// Behind what the page begins; nil for the first one.
    func position() throws(Problem) -> String? {
        guard let text = query["cursor"] else { return nil }
        guard let position = PageCursor(text)?.position(of: request.path) else {
            throw Problem(.malformed, "the cursor is none of this list")
        }
        return position
    }

    /// A page of what was read with one item more than it may have.
    func page<Item>(_ items: [Item], limit: Int, position: (Item) -> String, _ json: (Item) throws -> JSONTree) rethrows -> AdminAnswer {
        let shown = items.prefix(limit)
        let next = items.count > limit ? shown.last.map { PageCursor(path: request.path, position: position($0)).text } : nil
        return AdminAnswer(.object([("items", .array(try shown.map(json))), ("next", .optional(next))]))
    }
}

/// Where a page of one list ended, as opaque text: a key of the last item, so that nothing is shown twice or left out for what is
/// added or removed meanwhile.
struct PageCursor: Hashable {
    private let path: String
    private let position: String

    init(path: String, position: String) { (self.path, self.position) = (path, position) }

    init?(_ text: String) {
        guard let bytes = Hex.bytes(text), !bytes.contains(0), let plain = String(validating: bytes, as: UTF8.self),
            let end = plain.firstIndex(of: "\n")
        else { return nil }
        (path, position) = (String(plain[..<end]), String(plain[plain.index(after: end)...]))
    }

    var text: String { Hex.text(Array("\(path)\n\(position)".utf8)) }

    /// Nil for a cursor of another list.
    func position(of path: String) -> String? { path == self.path ? position : nil }
}
