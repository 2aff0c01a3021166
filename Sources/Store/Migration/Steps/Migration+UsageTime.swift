extension Migration {
    static let usageTime = Migration(
        version: 17, name: "usage time",
        sql: """
            COMMENT ON COLUMN charter.usage.at IS
                'When the attempt was admitted, so that the window that held the request pays; the partition is of its month in UTC'
            """)
}
