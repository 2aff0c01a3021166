/// An answer in OpenAI's error shape.
struct APIFault: Error, Equatable {
    var status: Int
    var type: String
    var code: String?
    var param: String?
    var message: String

    static func invalid(_ message: String, param: String? = nil, code: String? = nil) -> APIFault {
        APIFault(status: 400, type: "invalid_request_error", code: code, param: param, message: message)
    }

    /// The fault that a scenario asks for, with the type and code that OpenAI gives that status.
    static func injected(_ status: Int) -> APIFault {
        let (type, code): (String, String?) =
            switch status {
            case 401: ("invalid_request_error", "invalid_api_key")
            case 403: ("permission_error", nil)
            case 404: ("invalid_request_error", "model_not_found")
            case 429: ("rate_limit_error", "rate_limit_exceeded")
            case 400..<500: ("invalid_request_error", nil)
            default: ("server_error", nil)
            }
        return APIFault(
            status: status, type: type, code: code, param: nil,
            message: "The simulated provider was told to answer \(status).")
    }
}
