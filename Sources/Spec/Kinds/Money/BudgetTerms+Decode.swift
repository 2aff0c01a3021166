extension BudgetTerms: FieldSet {
    init?(from fields: inout Fields) {
        hard = fields.optional("hard", .amount, "what is never exceeded", .enforced(by: "CellTable.reserve"))
        soft = fields.optional("soft", .amount, "what may be exceeded, after which somebody is told", .enforced(by: "Snapshot.softWarning"))
        zone = fields.value(
            "zone", .zone, default: Zones.standard, shown: Zones.standard,
            "the IANA zone whose calendar opens and closes the window", .enforced(by: "Compiler.zone"))
        starts = fields.optional(
            "starts", .amount, "the first day of the window: `sunday` of a week, `15` of a month, `04-01` of a year", .enforced(by: "Zone.window"))
        thresholds = fields.value(
            "at", .thresholds, default: [],
            "what happens when a share of `hard` is spent: `notify`, `block`, `downgrade <model>`",
            .enforced(by: "CellTable.downgrade"))
        notify = fields.value(
            "notify", .set(of: .name(of: .webhook)), default: [], "the Webhooks that are told",
            .enforced(by: "EventRecipient.isNamed"))
        markUnenforced(fields)
        if let hard, hard.amount.unit != .money, hard.amount.number == 0 {
            fields.report(
                .limitZero, at: fields.extent(of: "hard"), "`\(hard.text)` lets nothing through",
                hint: "raise it, or `suspend` what is to be closed")
        }
        guard isWhole(&fields) else { return nil }
        checkSoft(fields)
        checkStart(fields)
    }

    /// Marks are kept in windows of the calendar, as those that roll have no end by which they could be told of once.
    private func markUnenforced(_ fields: Fields) {
        if let hard, let soft, !hard.isComparable(to: soft) { fields.markUnenforced("window", in: "soft") }
        if case .rolling? = (hard ?? soft)?.span {
            fields.markUnenforced("rolling", in: "soft")
            if !thresholds.isEmpty { fields.markUnenforced("rolling", in: "at") }
        }
    }

    /// Whether there is something to keep to; also true after a mistake in it, which was reported.
    private func isWhole(_ fields: inout Fields) -> Bool {
        fields.atLeastOne(of: ["hard", "soft"]) && (hard != nil || soft != nil)
    }

    private func checkSoft(_ fields: Fields) {
        guard let hard, let soft, hard.isComparable(to: soft), soft.amount.number >= hard.amount.number else { return }
        fields.reading.report(
            .softAboveHard, fields.extent(of: "soft"),
            "`soft` is not below `hard`, so it is never reached", hint: "let it be less than `\(hard.text)`",
            related: [(fields.extent(of: "hard"), "the hard one")])
    }

    private func checkStart(_ fields: Fields) {
        guard let starts else { return }
        let spans = [hard, soft].compactMap { $0?.span }
        guard !spans.contains(.calendar(starts.window)) else { return }
        fields.report(
            .startOfOtherWindow, at: fields.extent(of: "starts"),
            "`\(starts.text)` is the first day of a \(starts.window.rawValue), which no allowance here counts by",
            hint: "remove it, or write the allowance per \(starts.window.rawValue)")
    }
}

extension Shape where Value == String {
    /// The IANA name of a time zone; whether it exists is asked when the whole is validated.
    static var zone: Shape<String> {
        text("the name of a time zone", example: "Europe/Berlin", pattern: "[0-9A-Za-z/_+-]+") { name in
            !name.isEmpty && name.utf8.allSatisfy { Names.isLowerOrDigit($0 | 0x20) || "/_+-".utf8.contains($0) }
        }.noting { name, node, reading in reading.refer(to: .zone, name, at: node.extent) }
    }
}
