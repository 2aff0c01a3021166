import Foundation
import TestKit
import Testing

extension EndToEnd {
    struct HandEditIsNamedAndPutRight {
        @Test func `drift names field, wanted and found value, and apply puts it right`() throws {
            let platform = try Platform(watching: false)
            #expect(try platform.charter("drift").code == 0)
            try platform.sql(
                """
                UPDATE charter.resource SET canonical = replace(canonical, 'Product search', 'Made by hand')
                WHERE org = 'acme' AND kind = 'Project' AND name = 'search'
                """)

            let drift = try platform.charter("drift")
            #expect(drift.code == 2, "\(drift)")
            for word in ["acme/Project/search", "displayName", "Product search", "Made by hand"] {
                #expect(drift.output.contains(word), "\(drift.output)")
            }

            try platform.apply()
            #expect(try platform.charter("drift").code == 0)
            #expect(
                try platform.sql("SELECT count(*) FROM charter.resource WHERE canonical LIKE '%Made by hand%'") == ["0"]
            )
        }
    }
}
