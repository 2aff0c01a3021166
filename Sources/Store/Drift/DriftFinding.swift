internal import Crypto
package import Spec

/// One field of one resource that another hand than Charter's changed, a row that it removed or added, or what Charter keeps beside a row.
package struct DriftFinding: Hashable, Sendable {
    package enum Aspect: String, Sendable {
        case changed
        /// The row is gone.
        case missing
        /// No commit declares the row.
        case unexpected
        /// Where it is written and by whom, which Charter keeps beside the row.
        case provenance
        /// What a revision wrote into the history, or the number of the revision in the row.
        case history
        /// By what the resource is known through renames.
        case lineage

        /// Whether it is of the row of the resource, which can be put right from what was applied.
        package var isOfRow: Bool { [.changed, .missing, .unexpected].contains(self) }

        /// The same in SQL, of findings `f`.
        static let ofRow = "aspect IN ('changed', 'missing', 'unexpected')"
    }

    package enum Direction: String, Sendable {
        case drift
        /// A commit that waits wants yet another value.
        case conflict
    }

    package enum State: String, CaseIterable, Sendable {
        case open
        /// Until a time, by somebody, for a reason.
        case tolerated
        /// What was found is declared now.
        case adopted
        /// An apply put it right.
        case reverted
        /// A hand did.
        case gone

        /// Whether the database is still like that.
        package var isPresent: Bool { self == .open || self == .tolerated }
    }

    /// Who said that it may stay for a time.
    package struct Toleration: Hashable, Sendable {
        package var until: Instant
        package var actor: String
        package var reason: String

        package init(until: Instant, actor: String, reason: String) {
            (self.until, self.actor, self.reason) = (until, actor, reason)
        }
    }

    /// The change that was asked for to have it declared, and how that stands.
    package struct Adoption: Hashable, Sendable {
        /// `uid` of the request.
        package var change: String
        package var state: ChangeRequest.State
        /// The branch that proposes it.
        package var branch: String?
        /// Why it was refused or withdrawn, or waits.
        package var reason: String?
        /// Whose change it is; nil where it is the platform's, as one for several organizations.
        package var org: String?

        package init(change: String, state: ChangeRequest.State, branch: String? = nil, reason: String? = nil, org: String? = nil) {
            (self.change, self.state, self.branch, self.reason, self.org) = (change, state, branch, reason, org)
        }

        /// Whether something may still come of it, or did.
        package var isAlive: Bool { state != .refused && state != .withdrawn }
    }

    /// 0 where no scan has recorded it yet.
    package var id: Int64 = 0
    package var unit: String
    package var uid: String
    /// `org/kind/name`, with `-` for the platform.
    package var resource: String
    package var aspect: Aspect
    /// JSON pointer; empty for a whole row.
    package var pointer: String
    /// The way to the field as people say it.
    package var label: String
    /// JSON text; nil where absent.
    package var wanted: String?
    package var found: String?
    /// `StateDigest.row` of the row as it was found, in hexadecimal digits; nil where there is none, or it is not of a row.
    package var row: String?
    /// Where the wanted value is declared.
    package var place: Place?
    package var direction = Direction.drift
    /// The revision that the rows were compared with.
    package var revision: Int64
    /// Nil where no scan has recorded it yet.
    package var firstSeen: Instant?
    package var lastSeen: Instant?
    package var state = State.open
    package var settledAt: Instant?
    package var toleration: Toleration?
    /// Who wants it put right, whatever the mode of its kind.
    package var revertAskedBy: String?
    package var adoption: Adoption?
    /// Since when Charter takes no part, after it had put it right again and again.
    package var contestedSince: Instant?
    /// What made it so; nil where no record exists.
    package var write: DriftWrite?

    package init(
        unit: String, uid: String, resource: String, aspect: Aspect, pointer: String = "", label: String = "", wanted: String? = nil,
        found: String? = nil, place: Place? = nil, revision: Int64
    ) {
        (self.unit, self.uid, self.resource, self.aspect, self.pointer) = (unit, uid, resource, aspect, pointer)
        (self.label, self.wanted, self.found) = (label, wanted.map(Self.cut), found.map(Self.cut))
        (self.place, self.revision) = (place, revision)
    }

    /// What it is about, whatever is found there.
    package struct Subject: Hashable, Sendable {
        package var uid: String
        package var pointer: String

        package init(uid: String, pointer: String) { (self.uid, self.pointer) = (uid, pointer) }
    }

    package var subject: Subject { Subject(uid: uid, pointer: pointer) }

    /// Whether the row waits for a commit that declares what was found, so that nothing else is to become of it.
    package var isBeingAdopted: Bool { adoption?.isAlive ?? false }

    /// Nil for the platform.
    package var org: String? {
        let name = resource.prefix { $0 != "/" }
        return name == "-" ? nil : String(name)
    }

    /// A value as it is kept, as a hand may have written a whole book into a row; two that begin alike are told apart by their digests.
    package static func cut(_ text: String) -> String {
        guard text.utf8.count > valueMax else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(valueMax))) + "… (SHA-256 \(SHA256.digest(text).hex))"
    }

    private static let valueMax = 4_000

    /// The same for whoever sees no more than that: what became of a change of others is theirs.
    func shown(to tenancy: Tenancy) -> DriftFinding {
        guard case .organization(let org) = tenancy, adoption?.org != org else { return self }
        var shown = self
        shown.adoption?.branch = nil
        shown.adoption?.reason = nil
        return shown
    }
}

/// Drift as it stands, for whoever shows it.
package struct DriftPage: Sendable {
    /// By the database's clock.
    package var at: Instant
    /// Whether PostgreSQL notes who writes.
    package var blame: DriftBlame
    /// The revision that the rows were compared with, and its commit; nil where nothing is applied, or it was not compared now.
    package var base: (revision: Int64, commit: String)?
    /// How many resources are applied; nil where they were not compared now.
    package var population: Int?
    /// By resource and field.
    package var findings: [DriftFinding]
    /// Whether there are more than these.
    package var isCut = false

    package init(
        at: Instant, blame: DriftBlame, base: (revision: Int64, commit: String)? = nil, population: Int? = nil, findings: [DriftFinding]
    ) {
        (self.at, self.blame, self.base, self.population, self.findings) = (at, blame, base, population, findings)
    }
}
