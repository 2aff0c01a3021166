internal import HTTP
internal import Spec

/// One thing that the admin API does: what is asked, who may, and what carries it out; a value, from which calls are dispatched and
/// the OpenAPI document is written.
struct AdminRoute: Sendable {
    /// Whose things it is about.
    enum Scope: Hashable, Sendable {
        /// Those of the organization that the path names.
        case organization
        /// Those of the platform.
        case platform
        /// Those that the caller may see, whoever that is.
        case caller
    }

    var method: Method
    var template: PathTemplate
    /// A verb and a noun, unique, by which clients' functions are named.
    var name: String
    var summary: String
    /// Nil where being known is enough.
    var permission: Permission?
    /// Another one that is enough too.
    var alternative: Permission?
    var scope: Scope
    /// Whether one who has the right in single projects may call it; `run` then shows and does what is theirs alone.
    var isByProject = false
    /// Whether an app may call it by its own credential; `run` then shows that app alone.
    var isForApps = false
    var query: [Parameter] = []
    /// Of its head, which it heeds; every GET does If-None-Match too.
    var fields: [RequestField] = []
    /// Whether `Location` tells where the change is followed that it asks for.
    var locates = false
    /// What a body must be; nil where none is read.
    var body: [BodyField]?
    /// Where the body is a whole declaration or a patch of one, which the route reads itself.
    var document: DocumentBody?
    var status = 200
    var contentType = "application/json"
    /// How it tells problems.
    var problems = ProblemForm.problem
    /// Others that the same answer may have instead.
    var otherTypes: [String] = []
    var answer: AdminShape
    /// What else it answers, by the status, such as 202 of what is not enforced yet.
    var otherAnswers: [Int: AdminShape] = [:]
    var run: @Sendable (AdminCall) throws -> AdminAnswer

    struct Parameter: Hashable, Sendable {
        var name: String
        var shape: AdminShape
        var about: String
    }

    struct BodyField: Hashable, Sendable {
        var name: String
        var shape: AdminShape
        var about: String
        var isRequired = false
    }

    enum DocumentBody: String, Hashable, Sendable {
        case declaration = "application/json"
        /// RFC 7396.
        case mergePatch = "application/merge-patch+json"
    }

    /// Those of every list.
    static let paging = [
        Parameter(name: "limit", shape: .number(1...AdminCall.pageMax), about: "how many at most, from 1 to \(AdminCall.pageMax)"),
        Parameter(name: "cursor", shape: .string, about: "`next` of the page before"),
    ]

    /// Refuses whoever may not; what is not the caller's is answered as what is not there.
    func authorize(_ caller: Caller, _ path: [String: String]) throws(Problem) {
        if caller.application != nil {
            guard isForApps else { throw Problem(.forbidden, "an app's own credential opens that app and nothing else") }
            return
        }
        guard let permission else { return }
        let org: String?
        switch scope {
        case .organization:
            org = path["org"]
            if let own = caller.org, own != org { throw .notFound }
        case .platform: org = nil
        case .caller: org = caller.org
        }
        let isHeld = ([permission] + [alternative].compactMap(\.self)).contains { permission in
            caller.may(permission, in: org) || isByProject && org.map { !caller.reach(permission, in: $0).isEmpty } ?? false
        }
        guard isHeld else {
            throw Problem(.forbidden, "this takes \(permission.rawValue)\(alternative.map { " or \($0.rawValue)" } ?? "")")
        }
    }
}
