internal import Spec
internal import Store

/// What is known of the repository.
extension UnitConditions {
    var fetched: Condition {
        if let failure = unit.fetchError {
            return condition(.fetched, .false, .fetchFailed, failure.message, since: unit.fetchSince ?? failure.at)
        }
        guard let fetched = unit.fetched else {
            return condition(.fetched, .unknown, .notYetFetched, "nothing was read of \(unit.repository) yet", since: unit.createdAt)
        }
        let newest = "\(fetched.commit.prefix(10)) is the newest commit of \(unit.repository)"
        let remark = unit.mirrorKept.map { ", and \($0)" } ?? ""
        return condition(
            .fetched, .true, remark.isEmpty ? .fetched : .mirrorKept, newest + remark, since: unit.fetchSince ?? fetched.at)
    }

    var sourceStale: Condition {
        if let since = unit.staleSince, let failure = unit.fetchError {
            return condition(
                .sourceStale, .true, .fetchFailed,
                "nothing was read since \(since.iso8601), and what is applied stays in force: \(failure.message)",
                since: unit.fetchSince ?? failure.at)
        }
        guard unit.fetched != nil else {
            return condition(.sourceStale, .unknown, .notYetFetched, "nothing was read of \(unit.repository) yet", since: unit.createdAt)
        }
        return condition(.sourceStale, .false, .fresh, "the last look at \(unit.repository) succeeded", since: unit.fetchSince)
    }

    var suspended: Condition {
        guard let suspension = report.suspensions[unit.name] else {
            let ended = report.suspensionEnds[unit.name]
            // When a person ended it is recorded by whoever did.
            let since = ended ?? (report.marks[unit.name]?[Condition.Name.suspended.rawValue] == nil ? unit.createdAt : nil)
            return condition(.suspended, .false, .notSuspended, "commits are applied", since: since)
        }
        return condition(.suspended, .true, .suspended, suspension.sentence, since: suspension.since)
    }
}
