internal import Spec

/// The values of a statement, gathered while its text is made.
struct SQLParameters {
    private(set) var values: [SQLValue] = []

    /// Adds a value, and gives the `$1`, `$2` … that stands for it in the text.
    mutating func add(_ value: SQLValue) -> String {
        values.append(value)
        return "$\(values.count)"
    }
}

extension UsageFilter {
    /// What must hold for the columns of `u`, be it the ledger or a rollup.
    func conditions(_ parameters: inout SQLParameters) -> [String] {
        var all: [String] = []
        for (column, uids) in [("org_uid", orgs), ("project_uid", projects), ("key_uid", keys), ("member_uid", members)] {
            if let uids { all.append("u.\(column) = ANY (\(parameters.add(.texts(uids)))::uuid[])") }
        }
        if let models {
            all.append("u.model LIKE ANY (\(parameters.add(.texts(models.map(UsageSubject.likePattern))))::text[])")
        }
        for tag in tags { all.append("u.tags ->> \(parameters.add(.text(tag.name))) = \(parameters.add(.text(tag.value)))") }
        if isFlagged { all.append("u.flags <> 0") }
        return all
    }
}
