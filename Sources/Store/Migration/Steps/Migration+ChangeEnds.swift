extension Migration {
    /// By which requests that are over are found: to take away the branch of one that was withdrawn, and to remove old ones.
    static let changeEnds = Migration(
        version: 41, name: "ends of changes",
        sql: """
            CREATE INDEX change_request_over ON charter.change_request (unit, decided_at)
                WHERE state IN ('enforced', 'refused', 'withdrawn');
            CREATE INDEX change_request_branch_left ON charter.change_request (unit, number)
                WHERE state = 'withdrawn' AND branch IS NOT NULL
            """)
}
