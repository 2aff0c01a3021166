internal import Crypto
internal import HTTP
internal import Policy
internal import Spec
package import Store
internal import Synchronization

/// The admin API: from a call to its answer. Callable from any thread, with a connection of that thread.
package final class AdminAPI: Sendable {
    let identity: Identity
    private let table = AdminTable.all
    private let waits: ChangeWaits
    private let log: @Sendable (String) -> Void
    let keySets: KeySetCache?
    let meter = AdminMeter()
    let readers = FigureReaders()
    /// The end of the record of acts that the log knows.
    private let toldHead = Mutex<AuditHead?>(nil)

    /// What a body may have.
    package static let bodyBytesMax = 64 << 10

    /// `log` takes a line for each call, and one with the end of the record of acts where that moves. Without `keySets` no token of an
    /// identity provider is good. `waitsMax` calls at once wait for a change that they asked for, each for `changePatience`.
    package init(
        keySets: KeySetCache? = nil, waitsMax: Int = 1, changePatience: Duration = .seconds(2), log: @escaping @Sendable (String) -> Void
    ) {
        identity = Identity(keySets: keySets)
        self.keySets = keySets
        waits = ChangeWaits(max: waitsMax, patience: changePatience)
        self.log = log
    }

    /// Carries a call out; whatever goes wrong is an answer too.
    package func answer(_ request: AdminRequest, _ connection: () throws -> Connection) -> AdminAnswer {
        carryOut(request, connection).answer
    }

    /// The same, with who asked.
    func carryOut(_ request: AdminRequest, _ connection: () throws -> Connection) -> AdminOutcome {
        var record = CallRecord(request)
        meter.note(begunAfter: .now - request.received)
        var answer: AdminAnswer
        do {
            answer = try run(request, connection, &record)
        } catch {
            let problem = problem(of: error)
            if problem.code == .unauthenticated || problem.code == .forbidden { readers.forget(request) }
            if problem.code == .unavailable, mayTellFigures(request) {
                return AdminOutcome(answer: tellFigures(request, isDatabaseReachable: error is IdentityRefusal ? nil : false), caller: nil)
            }
            answer = AdminAnswer(problem, requestID: request.id, form: table.problemForm(request.path))
            // The password is the key; the name may be any.
            if request.isPage, problem.code == .unauthenticated {
                answer.headers.add("www-authenticate", #"Basic realm="Charter", charset="UTF-8""#)
            }
            if problem.code.status >= 500 || problem.code == .unauthenticated { record.reason = (error as? Problem)?.detail ?? "\(error)" }
        }
        finish(&answer, record)
        return AdminOutcome(answer: answer, caller: record.caller)
    }

    /// The answer to what is not carried out. `status` where the connection says so itself, as 413 of a body that is too long.
    func refuse(_ problem: Problem, by record: CallRecord, status: Int? = nil) -> AdminAnswer {
        var record = record
        record.reason = problem.detail
        var answer = AdminAnswer(problem, requestID: record.id, status: status, form: table.problemForm(record.path))
        finish(&answer, record)
        return answer
    }

    /// Every answer goes this way: it has these fields, a line in the log, and counts.
    func finish(_ answer: inout AdminAnswer, _ record: CallRecord) {
        answer.headers.add("x-request-id", record.id)
        answer.headers.add("cache-control", "no-store")
        answer.headers.add("x-content-type-options", "nosniff")
        meter.note(AdminMeter.Call(route: record.route ?? "-", status: answer.status), after: .now - record.received)
        log(record.line(status: answer.status))
        tellAuditHead()
    }

    /// Has the log know how far the record of acts goes, so that what is cut off later is missed.
    private func tellAuditHead() {
        guard let head = AuditHead.committed else { return }
        let isTold = toldHead.withLock { told in
            defer { told = head }
            return told == head
        }
        if !isTold { log(head.line) }
    }

    private func run(_ request: AdminRequest, _ connection: () throws -> Connection, _ record: inout CallRecord) throws -> AdminAnswer {
        guard request.process != nil || request.credential != nil else { throw Problem.nothingShown }
        let connection = try connection()
        let caller = try caller(request, connection)
        record.caller = caller
        let (route, path) = try table.route(request.method, request.path)
        record.route = route.name
        try route.authorize(caller, path)
        try noteFigures(request, route, connection)
        let query = try query(of: request, route)
        try route.requireAcceptable(request)
        try route.requireHeeded(request)
        let call = AdminCall(
            caller: caller, request: request, route: route, path: path, query: query, body: try body(of: request, route),
            connection: connection, table: table, waits: waits, metrics: AdminMetrics(meter: meter, keySets: keySets))
        // What is not understood is told before anything else.
        _ = try call.idempotencyKey()
        var answer = try route.run(call)
        if route.method == .get, answer.status == 200 {
            let etag = answer.etag
            answer.headers.add("etag", etag)
            if request.knows(etag) { (answer.status, answer.body) = (304, []) }
        }
        return answer
    }

    private func caller(_ request: AdminRequest, _ connection: Connection) throws -> Caller {
        if let process = request.process { return try identity.caller(over: process) }
        if let application = request.application { return try identity.caller(presenting: application, from: request.address, connection) }
        return try identity.caller(presenting: request.credential ?? "", from: request.address, connection)
    }

    private func query(of request: AdminRequest, _ route: AdminRoute) throws(Problem) -> [String: String] {
        var values: [String: String] = [:]
        for pair in (request.query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentText.decoded(parts[0], plusIsSpace: true),
                let value = PercentText.decoded(parts.count > 1 ? parts[1] : "", plusIsSpace: true)
            else { throw Problem(.malformed, "the query cannot be read") }
            guard route.query.contains(where: { $0.name == name }) else {
                throw Problem(.malformed, "the query has a parameter that this call does not know")
            }
            guard values.updateValue(value, forKey: name) == nil else { throw Problem(.malformed, "\(name) stands twice in the query") }
        }
        return values
    }

    private func body(of request: AdminRequest, _ route: AdminRoute) throws(Problem) -> AdminBody {
        if let document = route.document {
            try request.requireBody(of: document.rawValue)
            return .none
        }
        guard let fields = route.body else {
            guard request.body.isEmpty else { throw Problem(.malformed, "this call takes no body") }
            return .none
        }
        if request.body.isEmpty, !fields.contains(where: \.isRequired) { return .none }
        try request.requireBody(of: "application/json")
        return try AdminBody(request.body, fields)
    }

    private func problem(of error: any Error) -> Problem {
        switch error {
        case let problem as Problem: problem
        case let refusal as RequestRefusal: Self.problem(of: refusal)
        case let problem as UsageProblem: Self.problem(of: problem)
        case let refusal as IdentityRefusal:
            refusal.answer == .unavailable
                ? Problem(.unavailable, "who presents tokens cannot be known now") : Problem(.unauthenticated, "the credential opens nothing here")
        case let error as DatabaseError where error.sqlState.isConnectionLoss || error.sqlState.isTransient:
            Problem(.unavailable, "the database does not answer")
        case let error as DatabaseError where error.sqlState == .queryCanceled:
            Problem(.unavailable, "the database takes too long: ask for less, such as a shorter period, or again later")
        case is SchemaMismatch: Problem(.unavailable, "the database is not what this program works on; the log says more")
        default: Problem(.internalFault, "the log says more under the request's id")
        }
    }

    private static func problem(of refusal: RequestRefusal) -> Problem {
        switch refusal.reason {
        case .missing: .notFound
        case .forbidden: Problem(.forbidden, refusal.description)
        case .conflict: Problem(.conflict, refusal.description)
        case .misworded: Problem(.malformed, refusal.description.replacing("--", with: "") + (refusal.hint.map { "; \($0)" } ?? ""))
        }
    }

    private static func problem(of problem: UsageProblem) -> Problem {
        switch problem {
        case .unknown: .notFound
        case .rowsGone: Problem(.conflict, problem.description)
        }
    }
}

/// How a call ended; a value.
struct AdminOutcome: Sendable {
    var answer: AdminAnswer
    /// Nil where nobody is known by what was presented.
    var caller: Caller?
}
