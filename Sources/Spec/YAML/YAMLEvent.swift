/// One event of libyaml's parser, as a value.
struct YAMLEvent {
    enum Content {
        /// With the version of a `%YAML` line.
        case documentStart(version: String?)
        case documentEnd
        case scalar(Scalar)
        case sequenceStart, sequenceEnd
        case mappingStart, mappingEnd
        case alias(String)
    }

    var content: Content
    var anchor: String?
    var tag: String?
    var start: Position
    var end: Position

    /// What the caret covers: the whole token on one line, else its first character.
    var extent: Extent {
        Extent(position: start, length: start.line == end.line ? max(1, end.column - start.column) : 1)
    }
}

/// Why libyaml could not go on.
struct YAMLSyntaxProblem {
    var message: String
    var position: Position
    /// What it was reading, and where that began: `while parsing a flow mapping`.
    var context: (message: String, position: Position)?
}
