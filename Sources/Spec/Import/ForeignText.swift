/// How foreign words and names become ones that a catalog can hold.
enum ForeignText {
    /// In lower case, with single hyphens for all that is neither letter nor digit: `Image_Generation` is `image-generation`.
    static func kebab(_ text: String) -> String {
        var word: [UInt8] = []
        for byte in text.utf8 {
            let lower = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
            if Names.isLowerOrDigit(lower) {
                word.append(lower)
            } else if word.last != UInt8(ascii: "-"), !word.isEmpty {
                word.append(UInt8(ascii: "-"))
            }
        }
        if word.last == UInt8(ascii: "-") { word.removeLast() }
        return String(decoding: word, as: UTF8.self)
    }

    /// The same of a text that is a word; nil of any other.
    static func word(_ text: String) -> String? {
        let word = kebab(text)
        let isWord = text.utf8.allSatisfy { byte in
            Names.isLowerOrDigit(byte | 0x20) && byte >= 0x30 || "-_. ".utf8.contains(byte)
        }
        return isWord && Vocabulary.accepts(word) ? word : nil
    }

    /// An endpoint's path as the operation it stands for: `/v1/chat/completions` is `chat.completions`.
    static func operation(_ path: String) -> String? {
        guard word(path.replacing("/", with: "-")) != nil else { return nil }
        var steps = path.split(separator: "/").map { kebab(String($0)) }
        if let first = steps.first, first == "v1" || first == "v1beta" { steps.removeFirst() }
        let name = steps.filter { !$0.isEmpty }.joined(separator: ".")
        guard Vocabulary.accepts(name) else { return nil }
        return name == "batch" ? "batches" : name
    }

    /// The text itself where it is a model's name, else the nearest that is one; nil where too little is left.
    static func modelName(_ text: String) -> String? {
        if Names.isModelName(text) { return text }
        var name: [UInt8] = []
        for byte in text.utf8 {
            let isAllowed = Names.isModelName("a" + String(decoding: [byte], as: UTF8.self))
            if isAllowed {
                name.append(byte)
            } else if name.last != UInt8(ascii: "-"), name.last != UInt8(ascii: "/") {
                name.append(UInt8(ascii: "-"))
            }
        }
        let trimmed = name.drop { !Names.isLowerOrDigit($0 | 0x20) }
        let result = String(decoding: trimmed, as: UTF8.self)
        return Names.isModelName(result) ? result : nil
    }
}
