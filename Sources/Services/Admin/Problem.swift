internal import Spec

/// Why a call is not carried out, as RFC 9457 has it.
package struct Problem: Error, Hashable, Sendable {
    /// Stable words for programs.
    package enum Code: String, CaseIterable, Sendable {
        case malformed, unauthenticated, forbidden
        case notFound = "not_found"
        case methodNotAllowed = "method_not_allowed"
        case notAcceptable = "not_acceptable"
        case conflict
        case changedMeanwhile = "changed_meanwhile"
        case unsupportedMediaType = "unsupported_media_type"
        case invalidBody = "invalid_body"
        case internalFault = "internal"
        case unavailable

        package var status: Int {
            switch self {
            case .malformed: 400
            case .unauthenticated: 401
            case .forbidden: 403
            case .notFound: 404
            case .methodNotAllowed: 405
            case .notAcceptable: 406
            case .conflict: 409
            case .changedMeanwhile: 412
            case .unsupportedMediaType: 415
            case .invalidBody: 422
            case .internalFault: 500
            case .unavailable: 503
            }
        }

        var title: String {
            switch self {
            case .malformed: "The call cannot be understood"
            case .unauthenticated: "Nobody is known by what was presented"
            case .forbidden: "The caller may not do this"
            case .notFound: "There is nothing here"
            case .methodNotAllowed: "The method is not for this path"
            case .notAcceptable: "There is no such form of it"
            case .conflict: "What stands now is in the way"
            case .changedMeanwhile: "It was changed meanwhile"
            case .unsupportedMediaType: "The body is not of a form that is read"
            case .invalidBody: "The body is not as it must be"
            case .internalFault: "The call failed"
            case .unavailable: "The call cannot be carried out now"
            }
        }
    }

    package let code: Code
    /// Nothing that tells a thing that is missing from one of somebody else.
    package let detail: String
    /// `Allow` of a wrong method.
    let allowed: [String]

    /// What is wrong with a body, each with its place.
    let errors: [Mistake]

    /// One thing that is wrong with a body.
    struct Mistake: Hashable, Sendable {
        /// Where it is in the body (RFC 6901), empty for the whole.
        let pointer: String
        let detail: String

        init(_ pointer: String, _ detail: String) { (self.pointer, self.detail) = (pointer, detail) }
    }

    package init(_ code: Code, _ detail: String, allowed: [String] = []) {
        (self.code, self.detail, self.allowed, errors) = (code, detail, allowed, [])
    }

    /// Of a body with mistakes.
    init(_ mistakes: [Mistake]) {
        let told = mistakes.prefix(Self.mistakesMax)
        let more = mistakes.count > told.count ? "; and \(mistakes.count - told.count) more" : ""
        (code, allowed, errors) = (.invalidBody, [], Array(told))
        detail = told.map { "\($0.pointer.isEmpty ? "/" : $0.pointer): \($0.detail)" }.joined(separator: "; ") + more
    }

    /// Of one field of a body.
    static func field(_ name: String, _ detail: String) -> Problem { Problem([Mistake("/" + name, detail)]) }

    private static let mistakesMax = 20

    /// One text for what is missing and for what is another organization's.
    static let notFound = Problem(.notFound, "there is nothing of that name for this caller")

    static let nothingShown = Problem(.unauthenticated, "show a key or token as Authorization: Bearer or X-API-Key")

    /// `status` where the connection says so itself, as 413 of a body that is too long.
    func json(requestID: String, status: Int? = nil) -> JSONTree {
        .object([
            ("type", .string("about:blank")), ("title", .string(code.title)), ("status", .int(Int64(status ?? code.status))),
            ("detail", .string(detail)), ("code", .string(code.rawValue)), ("request_id", .string(requestID)),
            ("errors", .array(errors.map { .object([("pointer", .string($0.pointer)), ("detail", .string($0.detail))]) })),
        ])
    }

    static let shape = AdminShape.object([
        "type": .string, "title": .string, "status": .integer, "detail": .string, "code": .choice(Code.allCases.map(\.rawValue)),
        "request_id": .string, "errors": .array(.object(["pointer": .string, "detail": .string])),
    ])
}
