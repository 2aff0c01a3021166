internal import Spec
internal import Store

/// What the attempts of one key at one model, under one revision, have in common.
///
/// It stands in a segment once, before the first attempt that refers to it by number; the next segment repeats what it
/// still needs, so that every segment can be read alone.
package final class AttemptTerms: Sendable {
    /// Its name in the loop's segments of one epoch, never given to other terms.
    package let number: Int64
    package let account: UsageAccount
    package let endpoint: String
    /// As the client wrote it.
    package let requestedModel: String
    /// `provider/model` of the attempts' target.
    package let model: String
    package let route: String?
    package let price: PriceTerms
    package let revision: Int64
    /// The same for the ledger.
    let usage: UsageTerms

    package init(
        number: Int64, account: UsageAccount, endpoint: String, requestedModel: String, model: String, route: String?,
        price: PriceTerms, revision: Int64
    ) {
        self.number = number
        self.account = account
        self.endpoint = endpoint
        self.requestedModel = requestedModel
        self.model = model
        self.route = route
        self.price = price
        self.revision = revision
        usage = UsageTerms(
            org: account.org, orgUID: account.orgUID, project: account.project, projectUID: account.projectUID,
            member: account.member, memberUID: account.memberUID, key: account.key, keyUID: account.keyUID,
            endpoint: endpoint, requestedModel: requestedModel, model: model, route: route, revision: revision,
            priceVersion: price.version, tags: account.tags)
    }

    convenience init(from decoder: inout RecordDecoder) throws(RecordFault) {
        self.init(
            number: Int64(bitPattern: try decoder.unsigned()), account: try UsageAccount(from: &decoder),
            endpoint: try decoder.string(), requestedModel: try decoder.string(), model: try decoder.string(),
            route: try decoder.optionalString(), price: try PriceTerms(from: &decoder), revision: try decoder.signed())
    }

    func encode(into encoder: inout RecordEncoder) {
        encoder.put(UInt64(bitPattern: number))
        account.encode(into: &encoder)
        encoder.put(endpoint)
        encoder.put(requestedModel)
        encoder.put(model)
        encoder.put(route)
        price.encode(into: &encoder)
        encoder.put(revision)
    }
}

extension AttemptTerms: Hashable {
    package static func == (a: AttemptTerms, b: AttemptTerms) -> Bool {
        a === b || a.number == b.number && a.price == b.price && a.account == b.account && a.usage == b.usage
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(number) }
}
