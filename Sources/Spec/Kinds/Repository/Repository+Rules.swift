extension Repository {
    /// What a plan may not do without an approval.
    package struct Guards: Hashable, Sendable {
        package var deletions: Deletions?
        /// In hundredths of a percent of an organization's members.
        package var removedMembers: Int?
        /// How many members with the role `admin` each organization must keep.
        package var adminsMin: Int
        /// Keys used within this time are not deleted; of nil, see `GuardThresholds`.
        package var keysUsedWithin: Duration?
        /// The same of models.
        package var modelsUsedWithin: Duration?
        /// Whether a budget may fall below what is spent of it.
        package var budgetsBelowSpent: Answer
        /// Whether a repository may take over what is in the database already; nil as at its first revision not, and later.
        package var firstManagement: Answer?
    }

    package enum Answer: String, CaseIterable, Sendable { case allow, block }

    package struct Deletions: Hashable, Sendable {
        /// In hundredths of a percent of all resources.
        package var share: Int?
        package var count: Int?
    }

    /// Resources that only an approval lets a plan delete or change; all conditions given must hold.
    package struct Protection: Hashable, Sendable {
        package var kinds: [Kind]
        /// Names in which `*` stands for any run of characters; empty means all.
        package var names: [String]
        package var labels: [String: String]
        package var against: [Act]

        package enum Act: String, CaseIterable, Sendable { case delete, change }
    }

    package struct Approvals: Hashable, Sendable {
        package var count: Int
        /// Whether the author of a commit may be one of those who approve it.
        package var author: Answer
        /// How long an approval is good for.
        package var within: Duration
        package var from: [Channel]

        package enum Channel: String, CaseIterable, Sendable { case console, trailer }

        /// What holds where `charter.yaml` does not say.
        package static let standard = Approvals(
            count: 1, author: .block, within: .seconds(86_400), from: [.console, .trailer])
    }

    package struct Signatures: Hashable, Sendable {
        package enum Demand: String, CaseIterable, Sendable { case off, warn, require }
        package enum Reach: String, CaseIterable, Sendable { case tip, every }

        package var required: Demand
        /// Whether the newest commit or every new one must be signed.
        package var check: Reach
    }

    /// Where changes go that are asked for through the API.
    package struct WriteBack: Hashable, Sendable {
        package enum Target: String, CaseIterable, Sendable { case off, main, proposals }

        package var to: Target
        package var branchPrefix: String
        /// Paths that may be written; empty means all.
        package var paths: [PathPattern]
    }

    /// Who is written to when something happens.
    package struct Notice: Hashable, Sendable {
        package var events: [Webhook.Event]
        package var emails: [String]
        /// Names of the platform's Webhooks.
        package var webhooks: [String]
    }

    /// A call by the Git host that says that something was pushed; only a hint.
    package struct Push: Hashable, Sendable {
        package enum Host: String, CaseIterable, Sendable { case github, gitlab, gitea, generic }

        package var host: Host
        package var path: String
        package var secret: SecretReference
    }

    /// Where the Git host is told what became of each commit.
    package struct StatusTarget: Hashable, Sendable {
        package enum Host: String, CaseIterable, Sendable { case github, gitlab, gitea }

        package var host: Host
        /// Its path at the host, such as `acme/rules`.
        package var repository: String
        /// The beginning of the API's addresses; nil for the host's own service.
        package var api: String?
        /// What it is asked with, sent to that address alone.
        package var token: SecretReference
        /// Where the status leads whoever follows it.
        package var link: String?
        /// Whether the address may be loopback, link-local or private.
        package var privateNetwork: Bool
    }
}
