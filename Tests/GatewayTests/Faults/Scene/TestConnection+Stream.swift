/// What a client has of a stream so far.
extension TestConnection {
    /// Events with a word in them.
    var pieceCount: Int { receivedText.split(separator: "\n").count { $0.contains("\"content\":\"") && !$0.contains("\"content\":\"\"") } }

    /// The decision that the head names; nil where there is no answer yet, or a refusal.
    var decision: String? {
        guard receivedText.hasPrefix("HTTP/1.1 200 ") else { return nil }
        let head = receivedText.split(separator: "\r\n\r\n", maxSplits: 1).first ?? ""
        let line = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("x-charter-decision:") }
        return line?.split(separator: " ").last.map(String.init)
    }
}
