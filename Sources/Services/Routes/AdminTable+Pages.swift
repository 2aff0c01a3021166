internal import HTTP
internal import Spec
internal import Store

/// Pages that people read in a browser.
extension AdminTable {
    static let pageRoutes: [AdminRoute] = [
        AdminRoute(
            method: .get, template: PathTemplate("/admin/drift"), name: "showDrift",
            summary: "What other hands changed and who, as a page: HTML, Markdown or JSON, as Accept has it", permission: .driftRead,
            scope: .caller,
            query: [
                AdminRoute.Parameter(
                    name: "format", shape: .choice(DriftForm.allCases.map(\.rawValue)), about: "the page's form, whatever Accept says")
            ],
            contentType: DriftForm.html.contentType, otherTypes: [DriftForm.markdown.contentType, DriftForm.json.contentType], answer: .any
        ) { call in
            guard let word = call.query["format"] else { return try page(call, try accepted(call)) }
            guard let form = DriftForm(rawValue: word) else { throw Problem(.malformed, "format is html, markdown or json") }
            return try page(call, form)
        },
        AdminRoute(
            method: .get, template: PathTemplate("/admin/drift.md"), name: "showDriftMarkdown", summary: "The same as Markdown",
            permission: .driftRead, scope: .caller, contentType: DriftForm.markdown.contentType, answer: .string
        ) { call in
            try page(call, .markdown)
        },
        AdminRoute(
            method: .get, template: PathTemplate("/admin/drift.json"), name: "showDriftJSON", summary: "The same as JSON",
            permission: .driftRead, scope: .caller, answer: DriftBoard.shape
        ) { call in
            try page(call, .json)
        },
    ]

    private static func accepted(_ call: AdminCall) throws(Problem) -> DriftForm {
        let offered = DriftForm.allCases.map(\.mediaType)
        guard let type = MediaRange.best(of: offered, for: call.request.headers.values("accept")),
            let form = DriftForm.allCases.first(where: { $0.mediaType == type })
        else { throw Problem(.notAcceptable, "this page is \(offered.joined(separator: ", "))") }
        return form
    }

    private static func page(_ call: AdminCall, _ form: DriftForm) throws -> AdminAnswer {
        let board = try call.connection.transaction(.repeatableRead) { try DriftBoard($0, org: call.caller.org) }
        var answer = AdminAnswer(200, contentType: form.contentType, text: form.text(of: board))
        answer.headers.add("vary", "accept")
        answer.headers.add("content-security-policy", DriftBoard.contentPolicy)
        answer.headers.add("cross-origin-resource-policy", "same-origin")
        answer.headers.add("referrer-policy", "no-referrer")
        return answer
    }
}

/// A form in which drift is shown, the first for who has no wish.
private enum DriftForm: String, CaseIterable {
    case html, markdown, json

    var mediaType: String {
        switch self {
        case .html: "text/html"
        case .markdown: "text/markdown"
        case .json: "application/json"
        }
    }

    var contentType: String { self == .json ? mediaType : mediaType + "; charset=utf-8" }

    func text(of board: DriftBoard) -> String {
        switch self {
        case .html: board.html
        case .markdown: board.markdown
        case .json: board.json.text + "\n"
        }
    }
}
