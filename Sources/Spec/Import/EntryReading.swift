/// The reading of one entry of a table: whatever is not given a fate by name is left out by name.
struct EntryReading {
    let entry: String
    var model: ImportedModel
    /// The values of the entry in its order, and each one's place among them.
    private let leaves: [(pointer: String, text: String, isNumber: Bool)]
    private var fates: [String: Fate] = [:]
    /// What deserves a look although it is carried.
    private(set) var notices: [(pointer: String, reason: ImportReason, detail: String?)] = []

    init(entry: String, _ node: Node, provider: String, name: String) {
        self.entry = entry
        model = ImportedModel(provider: provider, name: name)
        leaves = node.leaves(at: "")
    }

    mutating func settle(_ pointer: String, _ fate: Fate) { fates[pointer] = fate }

    /// Every value under the pointer that has no fate yet.
    mutating func leave(_ pointer: String, _ reason: ImportReason, _ detail: String? = nil) {
        for leaf in leaves where leaf.pointer == pointer || leaf.pointer.hasPrefix(pointer + "/") {
            if fates[leaf.pointer] == nil { fates[leaf.pointer] = .left(reason, detail: detail) }
        }
    }

    mutating func notice(_ pointer: String, _ reason: ImportReason, _ detail: String? = nil) {
        notices.append((pointer, reason, detail))
    }

    /// The account of the entry.
    var values: [ImportedValue] {
        leaves.map { leaf in
            ImportedValue(
                entry: entry, pointer: leaf.pointer, text: leaf.text, isNumber: leaf.isNumber,
                fate: fates[leaf.pointer] ?? .left(.noField))
        }
    }

    // MARK: Prices

    /// What gateways of this version read from the usage that providers report.
    static let countedMeters: Set<String> = [
        "input", "output", "cacheRead", "cacheWrite", "reasoning", "request", "audio", "audio-input", "audio-output",
        "image-input", "image-output", "video-input", "video-output", "input-image",
    ]

    /// Takes a price to its place.
    mutating func price(_ node: Node, at pointer: String, of unit: PriceUnit, to place: PricePlace) {
        guard let number = node.number else {
            return leave(pointer, node.isNothing ? .empty : .notANumber)
        }
        guard !number.isNegative || number.isZero else { return settle(pointer, .left(.negative)) }
        guard let (value, isExact) = number.scaled(byPowerOfTen: unit.powerOfTen) else {
            return settle(pointer, .left(.tooLarge))
        }
        let price = ImportedPrice(picoUSDPerMillion: value, isForOne: unit.isForOne)
        if let other = model.prices[place], other.picoUSDPerMillion != value {
            return settle(pointer, .left(.conflict, detail: other.text))
        }
        model.prices[place] = model.prices[place] ?? price
        settle(pointer, isExact ? .carried(.price(place)) : .rounded(.price(place), kept: price.text))
        if !EntryReading.countedMeters.contains(place.meter) { notice(pointer, .notMetered, place.meter) }
    }

    // MARK: Facts

    /// A count of tokens; of zero nothing is known.
    mutating func tokens(_ node: Node, at pointer: String, to home: Home) -> Int64? {
        guard !node.isNothing else {
            settle(pointer, .left(.empty))
            return nil
        }
        guard let count = node.number?.whole, count >= 0 else {
            leave(pointer, .notUnderstood)
            return nil
        }
        settle(pointer, count == 0 ? .left(.empty) : .carried(home))
        return count == 0 ? nil : count
    }

    /// Whether the model can; a capability that is absent says that it cannot, or that nothing is known.
    mutating func flag(_ node: Node, at pointer: String, _ capability: String) {
        switch node.flag {
        case true?:
            if !model.capabilities.contains(capability) { model.capabilities.append(capability) }
            settle(pointer, .carried(.capability(capability)))
        case false?:
            model.lacking.insert(capability)
            settle(pointer, .carried(.withoutCapability(capability)))
        case nil: leave(pointer, node.isNothing ? .empty : .notUnderstood)
        }
    }

    /// Words such as modalities, each as `word` makes it; what is none is left out.
    mutating func words(
        _ node: Node, at pointer: String, to home: Home, _ word: (String) -> String? = ForeignText.word
    ) -> [String] {
        guard case .sequence(let items) = node.content, !items.isEmpty else {
            leave(pointer, .empty)
            return []
        }
        var words: [String] = []
        for (index, item) in items.enumerated() {
            guard let word = item.string.flatMap(word) else {
                leave("\(pointer)/\(index)", .notUnderstood)
                continue
            }
            if !words.contains(word) { words.append(word) }
            settle("\(pointer)/\(index)", .carried(home))
        }
        return words
    }

    /// A text for people, on one line.
    mutating func line(_ node: Node, at pointer: String, to home: Home) -> String? {
        guard let text = node.string, !text.isEmpty else {
            leave(pointer, .empty)
            return nil
        }
        guard text.unicodeScalars.allSatisfy(\.isPrintable) else {
            leave(pointer, .notUnderstood)
            return nil
        }
        settle(pointer, .carried(home))
        return text
    }
}
