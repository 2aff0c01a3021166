internal import Spec
internal import Store

/// Drift as somebody may see it who is responsible for an organization, or for all of it: what scans keep, and when they looked. A value.
struct DriftBoard {
    var page: DriftPage
    var scans: [DriftScan]
    /// Nil for the whole platform.
    var org: String?
    /// Whether there are more findings than are on the page.
    var isCut: Bool

    /// Of one page; the list of findings in the admin API has all.
    static let findingsMax = 1_000

    /// Reads what is kept, for a caller of one organization or of the platform.
    init(_ transaction: Transaction, org: String?) throws(DatabaseError) {
        let tenancy = org.map { Tenancy.organization($0) } ?? .everything
        let found = try DriftFindings.present(transaction, tenancy, limit: Self.findingsMax + 1)
        page = DriftPage(
            at: try transaction.clock(), blame: try DriftBlame.standing(transaction), findings: Array(found.prefix(Self.findingsMax)))
        isCut = found.count > Self.findingsMax
        self.org = org
        scans = try DriftScans.list(transaction)
        guard let org else { return }
        // Other units hold nothing of the organization, so they are no affair of its people.
        let own = try UnitOwnership.last(transaction, declaring: org)
        scans = scans.filter { scan in scan.unit == own || found.contains { $0.unit == scan.unit } }
    }

    init(page: DriftPage, scans: [DriftScan], org: String? = nil, isCut: Bool = false) {
        (self.page, self.scans, self.org, self.isCut) = (page, scans, org, isCut)
    }

    /// What there is to say where no finding is kept: nothing found is not the same as nobody looked.
    var emptySentence: String {
        scans.isEmpty ? "Nobody has looked yet: charter watch scans the database, and keeps what it finds." : "Everything is as it was applied."
    }

    /// `3 differences in 2 resources.`
    var summary: String {
        if page.findings.isEmpty { return emptySentence }
        let (fields, resources) = (page.findings.count, page.resources.count)
        let more = isCut ? " \(restSentence)" : ""
        return "\(fields) \(fields == 1 ? "difference" : "differences") in \(resources) \(resources == 1 ? "resource" : "resources").\(more)"
    }

    /// Where the findings are that are not on the page.
    private var restSentence: String {
        "There is more than this page shows; GET \(org.map { "/v1/admin/orgs/\($0)/drift" } ?? "/v1/admin/drift/findings") lists all, a page at a time."
    }

    /// Whether PostgreSQL tells who writes.
    var blameSentence: String {
        switch page.blame {
        case .on: "PostgreSQL notes who writes."
        case .partial: "Some triggers that note who writes are missing or disabled; charter migrate --drift-blame installs them anew."
        case .off: "Nobody notes who writes; charter migrate --drift-blame has PostgreSQL do it."
        }
    }
}

extension DriftScan {
    /// `main: scanned at …, compared with revision 7`.
    var sentence: String { "\(unit.printable): scanned at \(at.iso8601), compared with revision \(revision)" }
}

extension DriftBoard {
    var markdown: String {
        let lines = scans.isEmpty ? [] : [""] + scans.map { "- \(DriftPage.cell($0.sentence))" }
        let body = page.findings.isEmpty ? "### Drift\n\n\(emptySentence)" : page.markdown
        let rest = isCut ? ["", DriftPage.cell(restSentence)] : []
        return ([body] + rest + lines + ["", DriftPage.cell(blameSentence)]).joined(separator: "\n") + "\n"
    }

    var json: JSONTree {
        .object([
            ("format", .int(1)), ("at", .string(page.at.iso8601)), ("org", .optional(org)), ("blame", .string(page.blame.rawValue)),
            ("scans", .array(scans.map { scan in
                .object([("unit", .string(scan.unit)), ("at", .string(scan.at.iso8601)), ("revision", .int(scan.revision))])
            })),
            ("findings", .array(page.findings.map(\.json))), ("more", .bool(isCut)),
        ])
    }

    /// What `json` looks like.
    static let shape = AdminShape.object([
        "format": .integer, "at": .moment, "org": .optional(.string), "blame": .choice(["off", "partial", "on"]),
        "scans": .array(.object(["unit": .string, "at": .moment, "revision": .integer])), "findings": .array(DriftFinding.shape),
        "more": .boolean,
    ])
}
