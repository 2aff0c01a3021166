import Foundation
import Spec
import TestKit
import Testing

@testable import Services

/// `docs/ADMIN.md` beside the routes.
struct AdminPageTests {
    @Test func `the page has a line for each route that is served, as it is`() throws {
        let page = try String(contentsOf: Programs.root.appending(path: "docs/ADMIN.md"), encoding: .utf8)
        let lines = page.split(separator: "\n").map(String.init).filter { $0.hasPrefix("| `/") }
        let wanted = AdminTable.all.routes.map { route in
            "| `\(route.template.text)` | \(route.method) | \(permissions(of: route)) | \(route.summary) |"
        }
        #expect(lines == wanted)
    }

    private func permissions(of route: AdminRoute) -> String {
        [route.permission, route.alternative].compactMap { $0 }.map { "`\($0.rawValue)`" }.joined(separator: " or ")
    }
}
