package import Spec

/// Who answers for a commit, and what speaks against it: a value that is recorded, shown and acted on elsewhere.
package struct Verification: Sendable {
    package var commit: ObjectID
    /// Who signed the commit itself, whether that is asked for or not.
    package var tip: SignatureVerdict
    /// What a finding does to the commit.
    package var demand: Repository.Signatures.Demand
    package var findings: [VerificationFinding] = []

    package var outcome: Outcome {
        if findings.isEmpty { return demand == .off ? .notDemanded : .good }
        return demand == .require ? .refused : .warned
    }

    package enum Outcome: String, Sendable {
        case notDemanded = "not demanded"
        case good, warned, refused
    }
}

/// One thing that the policy in force has against a commit.
package struct VerificationFinding: Hashable, Sendable {
    package enum Subject: Hashable, Sendable {
        /// The commit's own signature.
        case signature
        /// A change to `path`, which one of `signers` must sign; `rule` is where that is written.
        case path(String, signers: [String], rule: Place?)
        /// The branch itself, whose new commits cannot all be looked at, or which dropped what had been signed.
        case branch(String)
    }

    package var commit: ObjectID
    /// Empty where no single commit is meant.
    package var author: String
    package var verdict: SignatureVerdict
    package var subject: Subject
}
