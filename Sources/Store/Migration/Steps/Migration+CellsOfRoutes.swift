extension Migration {
    /// Cells that count some models were summed without what was asked for by way of a route; they are summed anew when next
    /// they are asked for.
    static let cellsOfRoutes = Migration(
        version: 30, name: "cells of routes",
        sql: """
            DELETE FROM charter.cell WHERE models IS NOT NULL;
            COMMENT ON COLUMN charter.cell.models IS
                'Globs over provider/model of what served and over the route that was asked for, one of which must match; NULL for all';
            COMMENT ON COLUMN charter.cell.model IS
                'Where a limit is per model, the route or provider/model that the client named, or * for the sum of all of them; else empty'
            """)
}
