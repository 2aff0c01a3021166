extension GuardCode {
    /// Markdown of one line, as is `remedy`.
    package var cause: String {
        switch self {
        case .emptyRead:
            "The commit has no YAML file at all while resources are applied. A read that finds nothing is never taken for a wish to delete."
        case .massDeletion:
            "The plan deletes everything, more than `guards.deletions.share` of ten or more resources (30 % unless written), or more than `guards.deletions.count`."
        case .lastAdmin:
            "An organization that stays would have fewer than `guards.adminsMin` people or services (1 unless written) who hold the role `admin`."
        case .rewritten: "The branch does not have the commit that is applied: it was set back, rewritten or replaced, and `history` is `forward`."
        case .removedMembers:
            "The plan removes more than `guards.removedMembers` of an organization's members (25 % of ten or more unless written)."
        case .protected: "A rule of `protect` asks an approval for what the plan does to the resources that are named."
        case .keysInUse: "The plan deletes keys that were used within `guards.keysUsedWithin`; where that is not written, more than one that was used within seven days."
        case .modelsInUse: "The plan takes models out of the catalogs that were used within `guards.modelsUsedWithin`, which is seven days where it is not written."
        case .budgetsBelowSpent:
            "The plan cuts a budget below what is spent of it in its present window, and `guards.budgetsBelowSpent` is `block`."
        case .firstManagement:
            "The database holds resources that no commit put there and that the plan would replace or delete: at a unit's first revision unless `guards.firstManagement` is `allow`, at any if it is `block`."
        case .proposal: "`sync` is `proposals`, so that each commit waits for an approval."
        case .manual: "`sync` is `manual`, so that `charter watch` applies nothing."
        case .pruneConfirm: "The plan deletes resources whose kind says `prune: confirm`, in the rules applied last or in those of the commit."
        case .rolledBack: "The unit was rolled back, and the branch still declares what was undone."
        }
    }

    package var remedy: String {
        switch self {
        case .emptyRead: "Look whether branch, `--folder` and unit are the ones that are meant. No approval lets it pass."
        case .massDeletion: "If it is meant, an approval, or `charter apply --allow-mass-delete`; else look for a folder that was moved or a merge that went wrong."
        case .lastAdmin: "Give another member the role `admin` first, or approve the plan."
        case .rewritten: "If it is meant, `charter apply --allow-rewrite`; else bring the applied commit back into the branch."
        case .removedMembers: "If it is meant, approve the plan; else look for the files of the members."
        case .protected: "Have somebody with `plan.approve` approve the plan, or leave the resources as they are."
        case .keysInUse: "Ask those who use the keys, then approve the plan; a leaked key is revoked by removing its secrets, which nothing holds back."
        case .modelsInUse: "Move the requests to another model first, or approve the plan."
        case .budgetsBelowSpent: "Raise the budget above what is spent, wait for its next window, or approve the plan."
        case .firstManagement: "Look at the rows that are named (`charter export --yaml` writes them as files), then `charter apply --approve DIGEST`, or declare them first."
        case .proposal: "`charter approve DIGEST`, or a signed `Charter-Approve: DIGEST` in a later commit."
        case .manual: "`charter apply`."
        case .pruneConfirm: "If the deletions are meant, approve the plan."
        case .rolledBack: "Revert the commits that `charter rollback` named, or `charter resume` to have the branch applied again. No approval lets it pass."
        }
    }
}
