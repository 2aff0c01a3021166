/// The trailers of a commit's message, as Git finds them (git-interpret-trailers(1), "DESCRIPTION"): lines of the last paragraph, which is
/// not the first one. So a message that quotes another one says nothing in its name.
struct MessageTrailers {
    private var pairs: [(name: String, value: String)] = []

    init(of message: Substring) {
        var lines = message.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        while lines.last?.isBlank == true { lines.removeLast() }
        guard let blank = lines.lastIndex(where: \.isBlank), lines[..<blank].contains(where: { !$0.isBlank }) else { return }
        let paragraph = Array(lines[(blank + 1)...])
        guard Self.isBlock(paragraph) else { return }
        for line in paragraph {
            if let pair = line.trailer {
                pairs.append(pair)
            } else if line.isContinuation, !pairs.isEmpty {
                pairs[pairs.count - 1].value += " " + line.trimmed
            }
        }
    }

    /// Names are of any case.
    func values(of name: String) -> [String] { pairs.filter { $0.name.lowercased() == name.lowercased() }.map(\.value) }

    /// All lines are trailers, or one is of Git's own making and no more than three in four are something else.
    private static func isBlock(_ paragraph: [Substring]) -> Bool {
        var trailers = 0
        var others = 0
        var isBelowTrailer = false
        for line in paragraph {
            if line.isContinuation {
                if !isBelowTrailer { others += 1 }
            } else {
                isBelowTrailer = line.trailer != nil || line.isOfGit
                if isBelowTrailer { trailers += 1 } else { others += 1 }
            }
        }
        return others == 0 ? trailers > 0 : paragraph.contains(where: \.isOfGit) && trailers * 3 >= others
    }
}

extension Substring {
    fileprivate var isBlank: Bool { allSatisfy(\.isWhitespace) }

    /// Folded onto the line before.
    fileprivate var isContinuation: Bool { first == " " || first == "\t" }

    /// A line that Git writes itself.
    fileprivate var isOfGit: Bool { hasPrefix("Signed-off-by: ") || hasPrefix("(cherry picked from commit ") }

    fileprivate var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }

    /// Letters, digits and hyphens, then a colon, before which there may be spaces.
    fileprivate var trailer: (name: String, value: String)? {
        guard let colon = firstIndex(of: ":") else { return nil }
        let name = self[..<colon].reversed().drop { $0 == " " || $0 == "\t" }.reversed()
        guard !name.isEmpty, name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }) else { return nil }
        return (String(name), self[index(after: colon)...].trimmed)
    }
}
