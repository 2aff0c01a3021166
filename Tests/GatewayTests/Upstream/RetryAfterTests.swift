import HTTP
import Testing

@testable import Gateway

@Suite struct RetryAfterTests {
    @Test(arguments: [
        (["retry-after": "20"], Duration.seconds(20)), (["retry-after-ms": "1500", "retry-after": "2"], .milliseconds(1500)),
        (["retry-after": "-5"], .zero), (["retry-after": "9223372036854775807"], .seconds(86_400)),
        (["retry-after-ms": "9223372036854775807"], .seconds(86_400)), (["retry-after": "Sun, 22 Nov 2026 00:00:00 GMT"], nil),
        (["retry-after": "soon"], nil), ([:], nil), (["retry-after": "0.5"], .milliseconds(500)), (["retry-after": "inf"], nil),
        (["retry-after": "1e9"], nil), (["retry-after": "-"], nil),
    ] as [([String: String], Duration?)])
    func `is read`(_ fields: [String: String], _ wait: Duration?) {
        var headers = Headers()
        for (name, value) in fields { headers.set(name, value) }
        #expect(RetryAfter.read(headers) == wait)
    }
}
