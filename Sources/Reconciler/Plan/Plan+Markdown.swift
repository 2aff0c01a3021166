internal import Spec

extension Plan {
    /// The plan as the comment of a pull request: what needs a look first, folded by organization, cut to a size that
    /// every Git host takes.
    package func markdown(blocks: [GuardBlock] = []) -> String { PlanMarkdown(self, blocks).text }
}

extension Rejection {
    /// As a comment of a pull request.
    package func markdown(unit: String) -> String {
        let errors = diagnostics.filter { $0.severity == .error }
        var page = MarkdownPage()
        page.append(PlanMarkdown.mark(of: unit))
        page.append("### Charter plan: rejected\n\n\(PlanMarkdown.title(of: commit)) has \(Rendering.tally(diagnostics)); nothing would be changed.\n\n")
        var lines: [String] = []
        for (index, error) in errors.enumerated() {
            let line = "\(error.place.map { "\($0): " } ?? "")\(error.message) [\(error.code.rawValue)]".printable
            guard page.fits(lines + [line]) else {
                lines.append("… and \(errors.count - index) more, see charter validate")
                break
            }
            lines.append(line)
        }
        page.append(Markdown.block(lines, language: "text"))
        return page.text
    }
}

/// Text that grows up to the size of a comment.
private struct MarkdownPage {
    /// Bytes; GitHub refuses comments of more than 65,536 characters, and a tool that posts one adds its own words.
    static let bytesMax = 58_000

    private(set) var text = ""

    mutating func append(_ part: String) { text += part }

    /// Whether the lines of a block would still find room.
    func fits(_ lines: [String]) -> Bool {
        text.utf8.count + lines.reduce(0) { $0 + $1.utf8.count + 1 } < Self.bytesMax
    }
}

/// One plan on its way to a comment.
private struct PlanMarkdown {
    let plan: Plan
    let blocks: [GuardBlock]

    /// Lines of one change; what has more is told by the text and the JSON.
    private static let linesOfChangeMax = 60
    /// Scalars of the title of a commit, which may be a whole text.
    private static let titleMax = 300
    /// Scalars of what one block or note says.
    private static let remarkMax = 2_000
    /// Bytes that notes may take from the changes, and blocks as well: enough to name what has to be done.
    private static let notesBytesMax = 6_000
    private static let blocksBytesMax = 16_000
    /// Bytes that drift may take from the changes.
    private static let driftBytesMax = 12_000
    /// Bytes of the folds' own marks, for each organization.
    private static let foldBytes = 260
    /// Bytes kept for the words about what is left out.
    private static let remainderBytes = 2_500
    /// Organizations that those words name.
    private static let namedOrganizationsMax = 20

    init(_ plan: Plan, _ blocks: [GuardBlock]) { (self.plan, self.blocks) = (plan, blocks) }

    /// A job that posts comments finds its own by the first line, and edits it.
    static func mark(of unit: String) -> String {
        "<!-- charter plan \(unit.filter { $0.isLetter || $0.isNumber || $0 == "-" }) -->\n"
    }

    var text: String {
        var page = MarkdownPage()
        page.append(Self.mark(of: plan.unit))
        page.append("### Charter plan: \(plan.isEmpty ? "nothing to change" : "\(plan.tally)")\n\n")
        page.append("\(Self.cut(plan.whence, to: Self.titleMax)) → \(Self.title(of: plan.tip))\n\n")
        page.append(notes)
        page.append(blocksText)
        if let command = plan.approvalCommand(for: blocks) {
            page.append("> To let it pass: `\(command)`\n\n")
        }
        page.append(drift)
        let (shown, rest) = selection(from: page)
        for fold in folds(of: shown) { page.append(fold) }
        page.append(words(of: rest))
        page.append(retained)
        return page.text
    }

    static func title(of commit: Commit) -> String { cut(commit.title, to: titleMax) }

    /// By scalars, since one character may have any number of them.
    private static func cut(_ text: String, to count: Int) -> String {
        let scalars = text.unicodeScalars
        return Markdown.plain(scalars.count > count ? String(scalars.prefix(count)) + "…" : text)
    }

    // MARK: What people must know

    private var notes: String {
        let (lines, left) = Self.fitting(plan.notes.map { "> **Note:** \(Self.remark($0)).\n\n" }, in: Self.notesBytesMax)
        return lines.joined() + (left == 0 ? "" : "> **Note:** and \(left) more, see `charter plan`.\n\n")
    }

    /// One of each code first, so that no reason is left out for the sake of many others of one kind.
    private var blocksText: String {
        var codes: Set<String> = []
        var firsts: [GuardBlock] = []
        var others: [GuardBlock] = []
        for block in blocks { if codes.insert(block.code).inserted { firsts.append(block) } else { others.append(block) } }
        let ranked = firsts + others
        let (lines, left) = Self.fitting(
            ranked.map { "> **Blocked \($0.code):** \(Self.remark("\($0)")).\n\n" }, in: Self.blocksBytesMax)
        guard left > 0 else { return lines.joined() }
        let counts = Dictionary(grouping: ranked.suffix(left), by: \.code).sorted { $0.key < $1.key }
        return lines.joined() + "> **Blocked** for \(left) more reasons, which `charter plan` shows: "
            + counts.map { "\($0.key) \($0.value.count) times" }.joined(separator: ", ") + ".\n\n"
    }

    private static func remark(_ text: String) -> String { cut(text, to: remarkMax) }

    /// The first ones that find room, and how many do not.
    private static func fitting(_ parts: [String], in bytesMax: Int) -> (parts: [String], left: Int) {
        var room = bytesMax
        let shown = parts.prefix { part in
            room -= part.utf8.count
            return room >= 0
        }
        return (Array(shown), parts.count - shown.count)
    }

    // MARK: Drift

    private var drift: String {
        guard !plan.drift.isEmpty else { return "" }
        var lines: [String] = []
        var room = Self.driftBytesMax
        var count = 0
        for drift in plan.drift {
            let own = drift.lines.map { String($0.dropFirst(2)) }
            room -= own.reduce(0) { $0 + $1.utf8.count + 1 }
            if room < 0 { break }
            lines += own
            count += 1
        }
        if count < plan.drift.count { lines.append("… and \(plan.drift.count - count) more, see charter drift") }
        return "**Drift:** changed in the database by another hand; an apply puts it right\n\n"
            + Markdown.block(lines, language: "diff") + "\n"
    }

    // MARK: Changes

    /// What finds room, the riskiest first, and what does not.
    private func selection(from page: MarkdownPage) -> (shown: [Change], rest: [Change]) {
        let ranked = plan.changes.sorted { a, b in
            (-a.risk.rawValue, a.symbol.rank, a.key) < (-b.risk.rawValue, b.symbol.rank, b.key)
        }
        var room = MarkdownPage.bytesMax - page.text.utf8.count - Self.remainderBytes
        var organizations: Set<String> = []
        for (index, change) in ranked.enumerated() {
            room -= Self.lines(of: change).reduce(0) { $0 + $1.utf8.count + 1 }
            if organizations.insert(change.owner).inserted { room -= Self.foldBytes }
            if room < 0 { return (Array(ranked[..<index]), Array(ranked[index...])) }
        }
        return (ranked, [])
    }

    /// One for each organization, those with the greatest risk first and open.
    private func folds(of changes: [Change]) -> [String] {
        let groups = Dictionary(grouping: changes, by: \.owner)
        let order = groups.sorted { a, b in
            (-(a.value.map(\.risk).max()?.rawValue ?? 0), a.key) < (-(b.value.map(\.risk).max()?.rawValue ?? 0), b.key)
        }
        return order.map { owner, changes in
            let isOpen = changes.contains { $0.risk == .high }
            return "<details\(isOpen ? " open" : "")><summary><b>\(owner)</b>: \(Self.tally(of: changes))</summary>\n\n"
                + Markdown.block(changes.flatMap(Self.lines), language: "diff") + "\n</details>\n\n"
        }
    }

    private static func lines(of change: Change) -> [String] {
        let all = change.lines
        var lines = all.prefix(linesOfChangeMax).map { line in
            // A symbol at the left margin is what gives a line its colour.
            let symbol = line.drop { $0 == " " }.first.map(String.init) ?? " "
            let isMarked = ChangeSymbol.allCases.contains { String($0.rawValue) == symbol }
            let indent = line.prefix { $0 == " " }.count - 2
            guard indent > 0 else { return String(line.dropFirst(2)) }
            guard isMarked else { return String(line.dropFirst(2)) }
            return symbol + String(repeating: " ", count: indent) + line.drop { $0 == " " }.dropFirst(2)
        }
        if all.count > linesOfChangeMax { lines.append("      … and \(all.count - linesOfChangeMax) more lines") }
        return lines
    }

    private static func tally(of changes: [Change]) -> String {
        let parts = ChangeSymbol.allCases.compactMap { symbol -> String? in
            let count = changes.count { $0.symbol == symbol }
            return count == 0 ? nil : "\(count) \(symbol.meaning)"
        }
        let risky = changes.count { $0.risk == .high }
        return (parts + (risky == 0 ? [] : ["\(risky) of high risk"])).joined(separator: ", ")
    }

    // MARK: The rest

    private func words(of rest: [Change]) -> String {
        guard !rest.isEmpty else { return "" }
        let groups = Dictionary(grouping: rest, by: \.owner).sorted { ($0.value.count, $1.key) > ($1.value.count, $0.key) }
        let named = groups.prefix(Self.namedOrganizationsMax).map { "\($0.key) (\(Self.tally(of: $0.value)))" }
        let more = groups.count > named.count ? ", and \(groups.count - named.count) more organizations" : ""
        return "**Left out for want of room:** \(rest.count) of \(plan.changes.count) changes, those of the least risk: "
            + "\(named.joined(separator: ", "))\(more). `charter plan` shows all of them.\n\n"
    }

    private var retained: String {
        plan.retained.isEmpty
            ? ""
            : "\(plan.retained.count) resources are kept although no file declares them (`prune: false`).\n"
    }
}

extension Change {
    /// Of whose rules it is one.
    fileprivate var owner: String { key.org ?? "platform" }
}

extension ChangeSymbol {
    /// In the order in which a reader wants them.
    fileprivate var rank: Int {
        switch self {
        case .removed: 0
        case .amiss: 1
        case .renamed: 2
        case .changed: 3
        case .added: 4
        }
    }
}
