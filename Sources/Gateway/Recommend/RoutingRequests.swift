internal import HTTP
internal import Policy
internal import Spec

/// The bodies of `/v1/ml/route` and `/v1/ml/route/batch`.
struct RoutingRequests {
    struct Item {
        var facts: RequestFacts
        var wish: RoutingWish
    }

    let all: [Item]
    /// Of a batch: the order in which its requests choose, whether providers take turns, and what is wished for where a request says nothing.
    private(set) var order: [Int]
    private(set) var balancesLoad = false
    private(set) var objective: RoutingWish.Objective?

    static let batchMax = 100

    init(reading bytes: UnsafeRawBufferPointer, isBatch: Bool) throws(AnswerError) {
        let scan = try JSONScan(body: bytes)
        guard isBatch else {
            all = [try Item(scan.root, at: "")]
            order = [0]
            return
        }
        guard let list = scan["requests"] else { throw AnswerError(.missingParameter, "`requests` is required.", param: "requests") }
        guard let values = list.array().map(Array.init), !values.isEmpty, values.count <= Self.batchMax else {
            throw AnswerError(.invalidParameter, "`requests` is not a list of 1 to \(Self.batchMax) requests.", param: "requests")
        }
        var all: [Item] = []
        for (index, value) in values.enumerated() { all.append(try Item(value, at: "requests.\(index).")) }
        self.all = all
        order = Array(all.indices)
        guard let options = scan["batchOptimization"]?.object() else { return }
        objective = try RoutingWish.Objective(options["optimizeFor"], "batchOptimization.optimizeFor")
        balancesLoad = try InferenceBody.flag(options["loadBalance"], "batchOptimization.loadBalance") ?? false
        if let wanted = options["priorityOrder"], !wanted.isNull { order = try Self.order(wanted, count: all.count) }
    }

    /// Those that are named first, in that order; the others behind them.
    private static func order(_ value: JSONValue, count: Int) throws(AnswerError) -> [Int] {
        let name = "batchOptimization.priorityOrder"
        let named = value.array()?.map { $0.int().flatMap { Int(exactly: $0) } ?? -1 }
        guard let named, named.allSatisfy({ (0..<count).contains($0) }), Set(named).count == named.count else {
            throw AnswerError(.invalidParameter, "`\(name)` is not a list of places in `requests`, each once.", param: name)
        }
        return named + (0..<count).filter { !named.contains($0) }
    }
}

extension JSONScan {
    /// Of a request's body, which must be an object.
    init(body bytes: UnsafeRawBufferPointer) throws(AnswerError) {
        do { self = try JSONScan(bytes) } catch { throw AnswerError(.invalidJSON, "The body is not valid JSON: \(error).") }
        guard root.kind == .object else { throw AnswerError(.invalidBody, "The body is not a JSON object.") }
    }
}

extension RoutingRequests.Item {
    /// `path` leads to the value in the body, with a point at its end.
    fileprivate init(_ value: JSONValue, at path: String) throws(AnswerError) {
        guard value.kind == .object else {
            throw AnswerError(.invalidParameter, "`\(path.dropLast())` is not an object.", param: String(path.dropLast()))
        }
        let scan = try JSONScan(body: UnsafeRawBufferPointer(rebasing: value.text[...]))
        let isEmpty = scan["messages"]?.array()?.first { _ in true } == nil
        if isEmpty { throw AnswerError(.missingParameter, "`\(path)messages` has no messages.", param: path + "messages") }
        let measure = try InputMeasure(scan, .chatCompletions)
        facts = RequestFacts(
            endpoint: .chatCompletions, model: "", inputBytes: max(0, value.range.count - measure.mediaBytes),
            maxOutput: try InferenceBody.maxOutput(scan, .chatCompletions, at: path), images: measure.images, media: measure.media)
        wish = try RoutingWish(scan, at: path)
    }
}

extension RoutingWish.Objective {
    fileprivate init?(_ value: JSONValue?, _ name: String) throws(AnswerError) {
        guard let value, !value.isNull else { return nil }
        guard let objective = value.string().flatMap(Self.init(rawValue:)) else {
            let all = Self.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
            throw AnswerError(.invalidParameter, "`\(name)` is none of \(all).", param: name)
        }
        self = objective
    }
}

extension RoutingWish {
    fileprivate init(_ scan: JSONScan, at path: String) throws(AnswerError) {
        self.init()
        objective = try Objective(scan["optimizeFor"], path + "optimizeFor")
        guard let value = scan["constraints"], !value.isNull else { return }
        let path = path + "constraints"
        guard let constraints = value.object() else {
            throw AnswerError(.invalidParameter, "`\(path)` is not an object.", param: path)
        }
        costMax = try Self.number(constraints["maxCost"], "\(path).maxCost", to: 1e6).map { NanoUSD(Int64($0 * 1e9)) }
        qualityMin = try Self.number(constraints["minQuality"], "\(path).minQuality", to: 1)
        latencyMax = try Self.number(constraints["maxResponseTime"], "\(path).maxResponseTime", to: 1e9).map { .milliseconds(Int64($0)) }
        preferredProviders = try Self.names(constraints["preferredProviders"], "\(path).preferredProviders")
        excludedProviders = try Self.names(constraints["excludeProviders"], "\(path).excludeProviders")
    }

    private static func number(_ value: JSONValue?, _ name: String, to most: Double) throws(AnswerError) -> Double? {
        guard let value, !value.isNull else { return nil }
        guard value.kind == .number, let number = Double(String(decoding: value.text, as: UTF8.self)), (0...most).contains(number) else {
            throw AnswerError(.invalidParameter, "`\(name)` is not a number from 0 to \(Int(most)).", param: name)
        }
        return number
    }

    /// Names of providers are written in capitals here.
    private static func names(_ value: JSONValue?, _ name: String) throws(AnswerError) -> Set<String> {
        guard let value, !value.isNull else { return [] }
        guard let list = value.array(), list.allSatisfy({ $0.kind == .string }) else {
            throw AnswerError(.invalidParameter, "`\(name)` is not a list of names.", param: name)
        }
        return Set(list.compactMap { $0.string()?.lowercased() })
    }
}
