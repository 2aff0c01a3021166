import Foundation

/// A Markdown text whose `console` blocks hold commands (`$ …`, continued by a backslash) and what they print.
struct ConsoleText {
    enum Piece {
        case prose(String)
        case command(String)
        case output(String)
    }

    /// In order; outputs follow the command that printed them.
    private(set) var pieces: [Piece] = []

    init(_ text: String) {
        var isConsole = false
        var isContinued = false
        for line in text.components(separatedBy: "\n") {
            if line.hasPrefix("```") {
                isConsole = line == "```console"
                pieces.append(.prose(line))
            } else if !isConsole {
                pieces.append(.prose(line))
            } else if isContinued, case .command(let start)? = pieces.last {
                pieces[pieces.count - 1] = .command(start + "\n" + line)
                isContinued = line.hasSuffix("\\")
            } else if line.hasPrefix("$ ") {
                pieces.append(.command(String(line.dropFirst(2))))
                isContinued = line.hasSuffix("\\")
            } else {
                pieces.append(.output(line))
            }
        }
    }

    var commands: [String] {
        pieces.compactMap { if case .command(let command) = $0 { command } else { nil } }
    }

    /// The text with what each command prints in the place of what stood there.
    func replacingOutputs(_ outputs: [String]) -> String {
        var rest = outputs[...]
        var lines: [String] = []
        for piece in pieces {
            switch piece {
            case .prose(let line): lines.append(line)
            case .output: break
            case .command(let command):
                lines.append("$ " + command)
                let output = rest.popFirst() ?? ""
                if !output.isEmpty { lines += output.components(separatedBy: "\n") }
            }
        }
        return lines.joined(separator: "\n")
    }
}
