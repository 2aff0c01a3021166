// The only file of this module that touches pointers.
internal import CLibYAML

/// The gate to libyaml: its events become values, its error becomes a `YAMLSyntaxProblem`.
enum LibYAML {
    /// Hands every event to `receive` until it returns false; `bytes` must be UTF-8 without a byte order mark.
    static func events(in bytes: [UInt8], _ receive: (YAMLEvent) -> Bool) -> YAMLSyntaxProblem? {
        var parser = unsafe yaml_parser_t()
        guard unsafe yaml_parser_initialize(&parser) != 0 else { return outOfMemory }
        defer { unsafe yaml_parser_delete(&parser) }
        return unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe yaml_parser_set_input_string(&parser, buffer.baseAddress, buffer.count)
            unsafe yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
            return unsafe drain(&parser, receive)
        }
    }

    private static func drain(_ parser: inout yaml_parser_t, _ receive: (YAMLEvent) -> Bool) -> YAMLSyntaxProblem? {
        while true {
            var event = unsafe yaml_event_t()
            guard unsafe yaml_parser_parse(&parser, &event) != 0 else { return unsafe problem(of: parser) }
            defer { unsafe yaml_event_delete(&event) }
            if unsafe event.type == YAML_STREAM_END_EVENT { return nil }
            if let value = unsafe value(of: event), !receive(value) { return nil }
        }
    }

    private static func value(of event: yaml_event_t) -> YAMLEvent? {
        let start = unsafe position(event.start_mark)
        let end = unsafe position(event.end_mark)
        func with(_ content: YAMLEvent.Content, anchor: String? = nil, tag: String? = nil) -> YAMLEvent {
            YAMLEvent(content: content, anchor: anchor, tag: tag, start: start, end: end)
        }
        switch unsafe event.type {
        case YAML_DOCUMENT_START_EVENT:
            let version = unsafe event.data.document_start.version_directive.map { directive in
                unsafe "\(directive.pointee.major).\(directive.pointee.minor)"
            }
            return with(.documentStart(version: version))
        case YAML_DOCUMENT_END_EVENT: return with(.documentEnd)
        case YAML_SEQUENCE_END_EVENT: return with(.sequenceEnd)
        case YAML_MAPPING_END_EVENT: return with(.mappingEnd)
        case YAML_SEQUENCE_START_EVENT:
            let sequence = unsafe event.data.sequence_start
            return unsafe with(.sequenceStart, anchor: text(sequence.anchor), tag: text(sequence.tag))
        case YAML_MAPPING_START_EVENT:
            let mapping = unsafe event.data.mapping_start
            return unsafe with(.mappingStart, anchor: text(mapping.anchor), tag: text(mapping.tag))
        case YAML_ALIAS_EVENT:
            return unsafe with(.alias(text(event.data.alias.anchor) ?? ""))
        case YAML_SCALAR_EVENT:
            let scalar = unsafe event.data.scalar
            let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            let value = unsafe Scalar(
                text: String(decoding: bytes, as: UTF8.self), isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE)
            return unsafe with(.scalar(value), anchor: text(scalar.anchor), tag: text(scalar.tag))
        default: return nil
        }
    }

    private static func problem(of parser: yaml_parser_t) -> YAMLSyntaxProblem {
        guard unsafe parser.error != YAML_MEMORY_ERROR else { return outOfMemory }
        let context = unsafe text(parser.context).map { message in
            unsafe (message: message, position: position(parser.context_mark))
        }
        return unsafe YAMLSyntaxProblem(
            message: text(parser.problem) ?? "this is not YAML", position: position(parser.problem_mark),
            context: context)
    }

    private static var outOfMemory: YAMLSyntaxProblem {
        YAMLSyntaxProblem(message: "out of memory", position: Position(line: 1, column: 1), context: nil)
    }

    private static func position(_ mark: yaml_mark_t) -> Position {
        Position(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
    }

    private static func text(_ pointer: UnsafePointer<CChar>?) -> String? {
        unsafe pointer.map { unsafe String(cString: $0) }
    }

    private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        unsafe pointer.map { unsafe String(cString: $0) }
    }
}
