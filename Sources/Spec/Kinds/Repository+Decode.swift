extension Repository: FieldSet {
    init?(from fields: inout Fields) {
        let standard = Repository.standard
        driftInterval = fields.value(
            "driftInterval", .amount, default: standard.driftInterval, shown: "60s",
            "how often the whole state in the database is compared with what was applied", .enforced(by: "WatchLoop.run"))
        drift = fields.value(
            "drift", .choice, default: standard.drift, shown: "report", "what `watch` does with drift it finds", .enforced(by: "WatchLoop.run"))
        prune = fields.value(
            "prune", .boolean, default: standard.prune, shown: "true",
            "whether resources that left the repository are deleted", .enforced(by: "StateDifference.init"))
        disclosure = fields.value(
            "disclosure", .choice, default: standard.disclosure, shown: "full",
            "how much of a rule a refused client is told", .enforced(by: "Rule.disclosed"))
    }

    /// What holds in a repository without `charter.yaml`.
    package static let standard = Repository(
        driftInterval: .seconds(60), drift: .report, prune: true, disclosure: .full)
}
