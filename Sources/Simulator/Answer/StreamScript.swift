/// A streamed answer as a value: each call appends the next event.
///
/// The order is OpenAI's: for each choice its role (chat only), then the pieces of all choices in turn, then each choice's finish
/// reason, then the usage if it was asked for, then `[DONE]`.
struct StreamScript {
    enum Event: Equatable {
        case opening, piece, closing, usage, done
    }

    /// Pieces and names of tools appended so far: the completion tokens really produced.
    private(set) var produced = 0

    private let identity: AnswerIdentity
    private let texts: [GeneratedText]
    private let usage: TokenUsage?
    private var phase = Event.opening
    private var choice = 0
    private var round = 0
    /// How many pieces an event holds.
    private let width: Int

    private static let fatWidth = 8

    /// `usage` is nil when the client has not asked for it.
    init(_ identity: AnswerIdentity, _ texts: [GeneratedText], usage: TokenUsage?) {
        self.identity = identity
        self.texts = texts
        self.usage = usage
        width = identity.oddities.contains(.fatChunks) ? Self.fatWidth : 1
        if identity.endpoint != .chatCompletions { phase = .piece }
        passEmptyTurns()
    }

    /// What the next call of `append` will append; nil after `[DONE]`.
    var next: Event? { isOver ? nil : phase }
    private var isOver = false

    mutating func append(to output: inout [UInt8]) {
        switch phase {
        case .opening: appendOpening(to: &output)
        case .piece:
            appendPiece(to: &output)
            produced += min(width, texts[choice].count - round)
        case .closing: appendClosing(to: &output)
        case .usage: appendUsage(to: &output)
        case .done: output.append("data: [DONE]\n\n")
        }
        advance()
    }

    private mutating func advance() {
        switch phase {
        case .opening:
            choice += 1
            if choice == texts.count { enter(.piece) }
        case .piece:
            choice += 1
        case .closing:
            choice += 1
            if choice == texts.count { enter(usage == nil ? .done : .usage) }
        case .usage: enter(.done)
        case .done: isOver = true
        }
        passEmptyTurns()
    }

    private mutating func enter(_ next: Event) {
        phase = next
        choice = 0
    }

    /// Passes choices that have no piece left in this round, and leaves the pieces when none has any.
    private mutating func passEmptyTurns() {
        while phase == .piece {
            if choice == texts.count {
                choice = 0
                round += width
                if !texts.contains(where: { round < $0.count }) { enter(.closing) }
            } else if round < texts[choice].count {
                return
            } else {
                choice += 1
            }
        }
    }
}

extension StreamScript {
    private func open(_ output: inout [UInt8]) {
        output.append("data: ")
        output.append(contentsOf: identity.opening)
    }

    /// Chunks of a stream that ends with the usage say so from the beginning.
    private func close(_ output: inout [UInt8]) {
        output.append(usage == nil ? "}\n\n" : ",\"usage\":null}\n\n")
    }

    private func beginChoice(_ output: inout [UInt8]) {
        open(&output)
        output.append(#""choices":["#)
        identity.openChoice(choice, to: &output)
    }

    private func endChoice(finish: GeneratedText.Finish?, _ output: inout [UInt8]) {
        output.append(#","logprobs":null,"finish_reason":"#)
        if let finish { identity.appendFinish(finish, to: &output) } else { output.append("null") }
        output.append("}]")
        close(&output)
    }

    private mutating func appendOpening(to output: inout [UInt8]) {
        beginChoice(&output)
        if let tool = texts[choice].tool {
            output.append(#""delta":{"role":"assistant","content":null,"tool_calls":["#)
            openCallChunk(&output)
            identity.openCall(tool, choice: choice, to: &output)
            output.append(#""}}]}"#)
            produced += 1
        } else {
            output.append(#""delta":{"role":"assistant","content":"","refusal":null}"#)
        }
        endChoice(finish: nil, &output)
    }

    private func appendClosing(to output: inout [UInt8]) {
        beginChoice(&output)
        output.append(identity.endpoint == .chatCompletions ? #""delta":{}"# : #""text":"""#)
        endChoice(finish: texts[choice].finish, &output)
    }

    private func appendPiece(to output: inout [UInt8]) {
        let text = texts[choice]
        beginChoice(&output)
        if identity.endpoint != .chatCompletions {
            output.append(#""text":""#)
        } else if text.tool != nil {
            output.append(#""delta":{"tool_calls":["#)
            openCallChunk(&output)
            output.append(#""function":{"arguments":""#)
        } else {
            output.append(#""delta":{"content":""#)
        }
        output.append(contentsOf: text.bytes[text.pieces(round, width)])
        output.append("\"")
        if text.tool != nil { output.append("}}]") }
        if identity.endpoint == .chatCompletions { output.append("}") }
        endChoice(finish: nil, &output)
    }

    private func openCallChunk(_ output: inout [UInt8]) {
        output.append(identity.oddities.contains(.callsWithoutIndex) ? "{" : #"{"index":0,"#)
    }

    private func appendUsage(to output: inout [UInt8]) {
        open(&output)
        output.append(identity.oddities.contains(.usageWithoutChoices) ? #""usage":"# : #""choices":[],"usage":"#)
        usage?.append(to: &output)
        output.append("}\n\n")
    }
}
