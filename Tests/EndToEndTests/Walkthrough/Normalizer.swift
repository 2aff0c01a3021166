import Foundation

/// Puts a word of its kind in the place of everything that differs from run to run: ids, times, digests, paths and ports.
struct Normalizer {
    /// What this run alone knows, such as the path of its temporary folder.
    var places: [(found: String, written: String)]
    /// The machine's name, which may be a word like any other: only as a part of a process's name does it mean the machine.
    var host: String

    private static let kinds: [(pattern: String, written: String)] = [
        // What only logs are told, and no terminal.
        (#"(?m)^audit head sequence=\d+ hash=[0-9a-f]{64}\n?"#, ""),
        // Before what looks like a commit's first digits.
        (#""created":\d+"#, #""created":<time>"#),
        (#"sk_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}"#, "sk_<secret>"),
        (#"prefix: sk_[0-9A-Za-z]{8}"#, "prefix: sk_<id>"),
        (#"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"#, "<uid>"),
        (#"\b[0-9a-f]{64}\b"#, "<sha256>"),
        (#"\b[0-9a-f]{40}\b"#, "<commit>"),
        (#"\b[0-9a-f]{32}\b"#, "<id>"),
        (#"\b[0-9a-f]{16}\b"#, "<digest>"),
        (#"\b[0-9a-f]{10}\b"#, "<commit>"),
        (#"chatcmpl-[0-9A-Za-z-]+"#, "chatcmpl-<id>"),
        (#"(?m)^([Dd]ate): .*$"#, "$1: <time>"),
        (#"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"#, "<time>"),
        // The column beside it is as wide as the longest of them.
        (#"\b\d+ (ms|s|min) ago {2,}"#, "<time> ago  "),
        (#"\b\d+ (ms|s|min) ago\b"#, "<time> ago"),
        (#"(?m)^(x-[a-z-]*(overhead|latency|processing)[a-z-]*): .*$"#, "$1: <time>"),
        (#"(?m)^(x-ratelimit-[a-z-]*): .*$"#, "$1: <number>"),
        (#"(?m)^(ratelimit): .*$"#, "$1: <numbers>"),
        (#"(?m)^(retry-after[a-z-]*): .*$"#, "$1: <time>"),
    ]

    func normalize(_ text: String) -> String {
        var text = text.replacingOccurrences(of: "\r\n", with: "\n")
        for (found, written) in places { text = text.replacingOccurrences(of: found, with: written) }
        let process = (pattern: NSRegularExpression.escapedPattern(for: host) + #":\d+:[0-9a-f]{8}\b"#, written: "<host>:<process>")
        for (pattern, written) in [process] + Self.kinds {
            text = text.replacingOccurrences(of: pattern, with: written, options: .regularExpression)
        }
        return text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.replacing(/\s+$/, with: "") }.joined(separator: "\n")
    }
}
