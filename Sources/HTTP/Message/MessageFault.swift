/// Why a message cannot be taken, with the status that says so to a client.
package struct MessageFault: Error, Equatable, Sendable {
    package let status: Int
    /// One plain sentence without bytes of the message.
    package let reason: String

    static func badRequest(_ reason: String) -> MessageFault { MessageFault(status: 400, reason: reason) }
    static let headTooLarge = MessageFault(status: 431, reason: "The request head is too large.")
    static let targetTooLong = MessageFault(status: 414, reason: "The request target is too long.")
    static let methodNotAllowed = MessageFault(status: 405, reason: "The method is not allowed.")
    static let methodUnknown = MessageFault(status: 501, reason: "The method is not known.")
    static let misdirected = MessageFault(status: 421, reason: "The request is for another host than the connection.")
    static let bodyTooLarge = MessageFault(status: 413, reason: "The request body is too large.")
    static let timeout = MessageFault(status: 408, reason: "The request did not arrive in time.")
    static let tooManyConnections = MessageFault(status: 503, reason: "The server has too many connections.")
    static let tooManyBodies = MessageFault(status: 503, reason: "The server holds as many bytes of bodies as it may.")
    static let tooMuchToDo = MessageFault(status: 503, reason: "The server has more to do than it can.")
    static let plainHTTP = MessageFault(status: 400, reason: "This port speaks HTTPS: ask for https instead of http.")

    /// What the answer says beside its reason.
    var fields: Headers {
        switch self {
        case .tooManyConnections, .tooManyBodies, .tooMuchToDo: ["retry-after": "1"]
        case .methodNotAllowed, .methodUnknown: ["allow": Method.allowed]
        default: [:]
        }
    }
}
