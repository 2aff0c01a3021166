extension Headers {
    /// The elements of the lists in all fields of that name, in their order (RFC 9110 §5.6.1); nil where one is no token.
    package func tokens(_ name: String) -> [String]? {
        var tokens: [String]? = []
        forEach { fieldName, value in
            guard Self.matches(fieldName, name) else { return }
            value.forEachListElement { element in
                guard element.allSatisfy(Bytes.isToken) else { return tokens = nil }
                tokens?.append(String(decoding: element, as: UTF8.self))
            }
        }
        return tokens
    }
}
