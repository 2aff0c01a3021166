import Testing

@testable import Services

/// Which form of an answer a client takes (RFC 9110 §12.5.1).
struct MediaRangeTests {
    @Test(arguments: [
        ([], "text/html"), (["*/*"], "text/html"), (["a/b;q=0.1, */*;q=0.2"], "text/html"), (["a/b"], "a/b"), (["A/B;Q=1"], "a/b"),
        (["text/*;q=0.3", "a/b ; q=0.4"], "a/b"), (["text/html;level=1;q=0.2, a/b;q=0.1"], "text/html"), (["text/*, text/html;q=0"], nil),
        (["c/d"], nil), (["*/*;q=0"], nil), (["nonsense"], "text/html"), (["text/html;q=2"], "text/html"), (["", ","], "text/html"),
    ] as [([String], String?)])
    func `the closest range decides, and the first of equals wins`(fields: [String], best: String?) {
        #expect(MediaRange.best(of: ["text/html", "a/b"], for: fields) == best)
    }
}
