extension BudgetTerms.Action: Amount {
    static let noun = "an action"
    static let example = "downgrade economy"
    static let pattern: String? = " *(?:notify|block|downgrade +\(Names.modelPattern)) *"

    static func parse(_ text: String) throws(AmountProblem) -> BudgetTerms.Action {
        let words = text.split(separator: " ")
        switch (words.first, words.count) {
        case ("notify", 1): return .notify
        case ("block", 1): return .block
        case ("downgrade", 2) where Names.isModelName(String(words[1])): return .downgrade(to: String(words[1]))
        default: throw AmountProblem("it is not known", hint: "one of: `notify`, `block`, `downgrade <model>`")
        }
    }

    var text: String {
        switch self {
        case .notify: "notify"
        case .block: "block"
        case .downgrade(let model): "downgrade \(model)"
        }
    }
}

extension Shape where Value == [BudgetTerms.Threshold] {
    /// `{ 80%: notify, 95%: downgrade economy }`, sorted by share.
    static var thresholds: Shape<[BudgetTerms.Threshold]> {
        Shape(.map(key: "a percentage", pattern: Percent.partPattern, action.describe())) { node, reading in
            guard case .mapping(let entries) = node.content else {
                reading.expected("a mapping of percentages to actions", node)
                return nil
            }
            var read: [(threshold: BudgetTerms.Threshold, key: Extent)] = []
            for entry in entries {
                let percent = share(entry, reading)
                let decoded = reading.within(entry.key, key: entry.keyExtent, entry.value) {
                    action.read(entry.value, reading)
                }
                guard let percent, let decoded else { continue }
                read.append((BudgetTerms.Threshold(share: percent, action: decoded.value), entry.keyExtent))
            }
            guard read.count == entries.count else { return nil }
            read.sort { ($0.threshold.share, $0.key.position) < ($1.threshold.share, $1.key.position) }
            guard !hasRepeated(read, reading) else { return nil }
            return Decoded(read.map(\.threshold), .object(read.map { field($0.threshold) }))
        }
    }

    private static var action: Shape<BudgetTerms.Action> {
        .amount.noting { action, node, reading in
            if case .downgrade(let model) = action { reading.refer(to: .modelOrRoute, model, at: reading.extent(ofLast: model, in: node)) }
        }
    }

    private static func field(_ threshold: BudgetTerms.Threshold) -> CanonicalJSON.Field {
        CanonicalJSON.Field(Percent(hundredths: threshold.share).text, .string(threshold.action.text))
    }

    private static func share(_ entry: Node.Entry, _ reading: Reading) -> Int? {
        do throws(AmountProblem) {
            let percent = try Percent.parse(entry.key)
            guard (1...10_000).contains(percent.hundredths) else {
                throw AmountProblem("it must be more than 0% and at most 100%")
            }
            return percent.hundredths
        } catch {
            reading.report(
                .amountInvalid, entry.keyExtent, "`\(entry.key)` is not \(Percent.noun): \(error.message)",
                hint: error.hint ?? "write it like `\(Percent.example)`")
            return nil
        }
    }

    /// Reports equal shares, and shares above one that blocks.
    private static func hasRepeated(
        _ read: [(threshold: BudgetTerms.Threshold, key: Extent)], _ reading: Reading
    ) -> Bool {
        var isRepeated = false
        for (lower, upper) in zip(read, read.dropFirst()) {
            if lower.threshold.share == upper.threshold.share {
                isRepeated = true
                reading.report(
                    .duplicateKey, upper.key, "this share is given twice", hint: "keep one of them",
                    related: [(lower.key, "first given here")])
            } else if lower.threshold.action == .block {
                reading.report(
                    .thresholdNeverReached, upper.key, "this share is never reached, a lower one blocks",
                    related: [(lower.key, "blocks from here on")])
            }
        }
        return isRepeated
    }
}
