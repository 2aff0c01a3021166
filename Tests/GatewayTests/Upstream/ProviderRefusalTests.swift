import Testing

@testable import Gateway

/// One table says whose fault it is that a provider refuses, however it does.
@Suite struct ProviderRefusalTests {
    private static let causes: [(words: String, status: Int, fault: ProviderFault)] = [
        (#"{"message":"too long","type":"invalid_request_error","code":"context_length_exceeded"}"#, 400, .client),
        (#"{"message":"no","type":"invalid_request_error","code":null}"#, 400, .client),
        (#"{"message":"no","code":422}"#, 422, .client),
        (#"{"message":"no","type":"request_too_large"}"#, 413, .client),
        (#"{"message":"Incorrect API key provided: sk-ab***yz.","type":"invalid_request_error","code":"invalid_api_key"}"#, 401, .credential),
        (#"{"message":"invalid x-api-key","type":"authentication_error"}"#, 401, .credential),
        (#"{"message":"no","code":"401"}"#, 401, .credential),
        (#"{"message":"no","type":"permission_error"}"#, 403, .credential),
        (#"{"message":"Insufficient Balance","code":402}"#, 402, .credential),
        (#"{"message":"The model `x` does not exist","type":"invalid_request_error","code":"model_not_found"}"#, 404, .declaration),
        (#"{"message":"no","type":"not_found_error"}"#, 404, .declaration),
        (#"{"message":"no","type":"requests","code":"rate_limit_exceeded"}"#, 429, .busy),
        (#"{"message":"no","type":"insufficient_quota","code":"insufficient_quota"}"#, 402, .credential),
        (#"{"message":"no","code":408}"#, 408, .provider),
        (#"{"message":"no","code":502}"#, 502, .provider),
        (#"{"message":"Overloaded","type":"overloaded_error"}"#, 529, .provider),
        (#"{"message":"no","type":"server_error"}"#, 500, .provider),
    ]

    @Test(arguments: causes.indices) func `an event and an answer with its status are judged alike`(index: Int) {
        let (words, status, fault) = Self.causes[index]
        let text = #"{"error":\#(words)}"#
        let event = Array(text.utf8).withUnsafeBytes(ProviderRefusal.init(event:))
        #expect(event.fault == fault)
        #expect(event.status == status)
        #expect(ProviderRefusal(status: status, body: Array(text.utf8)).fault == fault)
    }

    @Test(arguments: [
        // Google, OpenAI with a model of another account, Groq, xAI.
        (#"[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}]"#, ProviderFault.credential),
        (#"{"error":{"message":"no","type":"invalid_request_error","code":"model_not_found"}}"#, .declaration),
        (#"{"error":{"message":"no","type":"invalid_request_error","code":"model_decommissioned"}}"#, .declaration),
        (#"{"code":"Client specified an invalid argument","error":"Incorrect API key provided: xa***f9."}"#, .credential),
        (#"{"error":{"message":"no","type":"server_error"}}"#, .client),
        (#"{"detail":"no"}"#, .client), ("no JSON", .client), ("", .client),
    ])
    func `words tell what is wrong with a request that the provider calls bad`(body: String, fault: ProviderFault) {
        let refusal = ProviderRefusal(status: 400, body: Array(body.utf8))
        #expect(refusal.fault == fault)
        #expect(!refusal.message.contains("API key"))
    }

    @Test(arguments: [
        (#"{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","code":"insufficient_quota"}}"#, ProviderFault.credential),
        (#"{"error":{"message":"no","type":"billing_hard_limit_reached"}}"#, .credential),
        (#"{"error":{"message":"Rate limit reached for the API key","type":"tokens","code":"rate_limit_exceeded"}}"#, .busy),
        (#"{"error":{"message":"no","type":"invalid_request_error"}}"#, .busy), ("", .busy),
    ])
    func `an account without credit is not one that is busy`(body: String, fault: ProviderFault) {
        #expect(ProviderRefusal(status: 429, body: Array(body.utf8)).fault == fault)
    }

    @Test func `text of the client's that is repeated is not taken for the provider's`() {
        let text = #"{"error":{"message":"messages.0.content: the value is longer than it may be; it was: where is my api key","type":"invalid_request_error"}}"#
        #expect(ProviderRefusal(status: 400, body: Array(text.utf8)).fault == .client)
    }

    @Test(arguments: [
        #"{"error":"no"}"#, #"{"error":{}}"#, #"{"error":{"message":"no","code":7}}"#, #"{"error":{"message":"no","code":"?","type":"?"}}"#,
    ])
    func `an event that does not say whose fault it is blames the provider`(event: String) {
        let refusal = Array(event.utf8).withUnsafeBytes(ProviderRefusal.init(event:))
        #expect(refusal.fault == .provider)
        #expect(!refusal.message.isEmpty)
    }

    @Test(arguments: [(301, ProviderFault.declaration), (404, .declaration), (405, .declaration), (503, .provider), (401, .credential), (415, .client)])
    func `a status alone tells it too`(status: Int, fault: ProviderFault) {
        #expect(ProviderRefusal(status: status, body: []).fault == fault)
    }
}
