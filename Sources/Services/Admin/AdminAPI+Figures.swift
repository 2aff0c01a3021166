internal import HTTP
internal import Store

/// Figures on the API, which are told while PostgreSQL is away too.
extension AdminAPI {
    /// Whether it asks for figures, and may be told of them without PostgreSQL: a process of this machine, or who read them lately.
    func mayTellFigures(_ request: AdminRequest) -> Bool {
        guard request.method == .get || request.method == .head, request.path == AdminTable.figuresPath, request.query == nil else { return false }
        if let process = request.process { return (try? identity.caller(over: process)) != nil }
        return readers.knows(request)
    }

    /// What is known here; `isDatabaseReachable` where that is known better than before.
    func tellFigures(_ request: AdminRequest, isDatabaseReachable: Bool? = nil) -> AdminAnswer {
        if let isDatabaseReachable { meter.note(isDatabaseReachable: isDatabaseReachable) }
        var record = CallRecord(request)
        record.route = AdminTable.figuresName
        var answer = AdminAnswer(200, contentType: PrometheusText.contentType, text: AdminMetrics(meter: meter, keySets: keySets).text)
        answer.headers.add("etag", answer.etag)
        finish(&answer, record)
        return answer
    }

    /// Notes of a call that was let through that PostgreSQL answers, and who may be told of figures when it does not.
    func noteFigures(_ request: AdminRequest, _ route: AdminRoute, _ connection: Connection) throws {
        guard route.name == AdminTable.figuresName else { return }
        // A process of this machine was not asked of PostgreSQL.
        _ = try connection.transaction { try $0.clock() }
        meter.note(isDatabaseReachable: true)
        readers.note(request)
    }
}
