internal import HTTP
internal import Spec

/// The form in which a route tells problems: RFC 9457, or that of the platform whose clients call it; a value.
enum ProblemForm: String, CaseIterable, Sendable {
    /// RFC 9457.
    case problem = "Problem"
    /// `{"error":{"message","type","param","code"}}`, as OpenAI has it.
    case nested = "NestedProblem"
    /// `{"detail"}`, as FastAPI has it.
    case detail = "DetailProblem"
    /// `{"error","message","code","details","timestamp","requestId"}`, its code in capitals.
    case coded = "CodedProblem"

    var contentType: String { self == .problem ? AdminAnswer.problemType : "application/json" }

    /// Clients of two of these platforms take every mistake of a body for 400.
    func status(of code: Problem.Code) -> Int {
        code == .invalidBody && (self == .nested || self == .coded) ? Problem.Code.malformed.status : code.status
    }

    func json(_ problem: Problem, requestID: String, status: Int) -> JSONTree {
        switch self {
        case .problem: problem.json(requestID: requestID, status: status)
        case .nested:
            .object([
                ("error", .object([
                    ("message", .string(problem.detail)), ("type", .string(Self.type(of: status))),
                    ("param", .optional(problem.errors.first.map { String($0.pointer.dropFirst()) })),
                    ("code", .string(problem.code.rawValue)), ("charter", Self.charter(problem, requestID)),
                ]))
            ])
        case .detail: .object([("detail", .string(problem.detail)), ("charter", Self.charter(problem, requestID))])
        case .coded:
            .object([
                ("error", .string(problem.code.title)), ("message", .string(problem.detail)), ("code", .string(Self.capitals(problem.code))),
                ("details", .object([("charter", Self.charter(problem, requestID))])), ("timestamp", .string(Self.now.iso8601)),
                ("requestId", .string(requestID)),
            ])
        }
    }

    var shape: AdminShape {
        switch self {
        case .problem: Problem.shape
        case .nested:
            .object(["error": .object(["message": .string, "type": .string, "param": .optional(.string), "code": Self.codes, "charter": Self.charterShape])])
        case .detail: .object(["detail": .string, "charter": Self.charterShape])
        case .coded:
            .object([
                "error": .string, "message": .string, "code": .choice(Problem.Code.allCases.map(Self.capitals)),
                "details": .object(["charter": Self.charterShape]), "timestamp": .moment, "requestId": .string,
            ])
        }
    }

    private static let codes = AdminShape.choice(Problem.Code.allCases.map(\.rawValue))
    private static let charterShape = AdminShape.object(["code": codes, "request_id": .string])

    private static func charter(_ problem: Problem, _ requestID: String) -> JSONTree {
        .object([("code", .string(problem.code.rawValue)), ("request_id", .string(requestID))])
    }

    /// In whole seconds, as that platform tells it.
    private static var now: Instant {
        Instant(milliseconds: SystemClock.wallClockMilliseconds / 1000 * 1000)
    }

    /// OpenAI's word for a status.
    private static func type(of status: Int) -> String {
        switch status {
        case 401: "authentication_error"
        case 403: "permission_error"
        case 500...: "server_error"
        default: "invalid_request_error"
        }
    }

    /// The words of the platform of apps; what has none there keeps its own.
    private static func capitals(_ code: Problem.Code) -> String {
        switch code {
        case .unauthenticated: "AUTHENTICATION_FAILED"
        case .notFound: "APP_NOT_FOUND"
        case .malformed, .invalidBody: "VALIDATION_ERROR"
        case .internalFault: "INTERNAL_ERROR"
        default: code.rawValue.uppercased()
        }
    }
}
