/// A bound on spending for part of an organization.
package struct Budget: Hashable, Sendable {
    package var subject: Subject
    package var terms: BudgetTerms

    package enum Subject: Hashable, Sendable {
        case organization
        case project(String)
        case member(String)
        case key(String)
        case model(ModelPattern)
    }
}

/// The terms of a budget, shared by the Budget kind and a key's inline budget.
package struct BudgetTerms: Hashable, Sendable {
    /// Never exceeded: a request that could exceed it is refused before it is forwarded.
    package var hard: Allowance
    /// IANA name of the zone whose calendar opens and closes the window.
    package var zone: String
    package var thresholds: [Threshold]

    package struct Threshold: Hashable, Sendable {
        /// In hundredths of a percent of `hard`; 80% is 8000.
        package var share: Int
        package var action: Action
    }

    package enum Action: Hashable, Sendable {
        case notify
        case downgrade(to: String)
        case block
    }
}
