internal import Spec

/// An attempt admitted: everything needed to book its usage from this record alone.
package struct OpenedRecord: Hashable, Sendable {
    package var id: AttemptID
    /// Milliseconds since 1970, UTC.
    package var at: Int64
    package var account: UsageAccount
    package var endpoint: String
    /// As the client wrote it.
    package var requestedModel: String
    /// `provider/model` of the attempt's target.
    package var model: String
    package var route: String?
    package var price: PriceTerms
    package var isStream: Bool
    /// Tokens.
    package var inputEstimate: Int64
    /// The most tokens of output that the attempt may produce.
    package var outputHold: Int64
    /// Nano-USD held until the attempt settles.
    package var costHold: Int64
    package var revision: Int64

    package init(
        id: AttemptID, at: Int64, account: UsageAccount, endpoint: String, requestedModel: String, model: String,
        route: String?, price: PriceTerms, isStream: Bool, inputEstimate: Int64, outputHold: Int64, costHold: Int64,
        revision: Int64
    ) {
        self.id = id
        self.at = at
        self.account = account
        self.endpoint = endpoint
        self.requestedModel = requestedModel
        self.model = model
        self.route = route
        self.price = price
        self.isStream = isStream
        self.inputEstimate = inputEstimate
        self.outputHold = outputHold
        self.costHold = costHold
        self.revision = revision
    }
}

/// Whom usage is booked to, by name and by lineage.
package struct UsageAccount: Hashable, Sendable {
    package var org: String
    package var orgUID: String
    package var project: String?
    package var projectUID: String?
    package var member: String?
    package var memberUID: String?
    package var key: String
    package var keyUID: String

    package init(
        org: String, orgUID: String, project: String?, projectUID: String?, member: String?, memberUID: String?,
        key: String, keyUID: String
    ) {
        self.org = org
        self.orgUID = orgUID
        self.project = project
        self.projectUID = projectUID
        self.member = member
        self.memberUID = memberUID
        self.key = key
        self.keyUID = keyUID
    }
}

/// The prices in force when an attempt was admitted.
package struct PriceTerms: Hashable, Sendable {
    package var version: String
    /// Ordered by meter name; pico-USD per million units.
    package var meters: [Price]

    package struct Price: Hashable, Sendable {
        package var meter: String
        package var picoUSDPerMillion: Int64
    }

    init(version: String, meters: [Meter: PicoUSDPerMillion]) {
        self.version = version
        self.meters = meters.map { Price(meter: $0.key.rawValue, picoUSDPerMillion: $0.value.rawValue) }
            .sorted { $0.meter < $1.meter }
    }

    private init(version: String, meters: [Price]) {
        self.version = version
        self.meters = meters
    }

    /// The same prices as `Policy` multiplies them.
    var rates: [Meter: PicoUSDPerMillion] {
        Dictionary(meters.map { (Meter(rawValue: $0.meter), PicoUSDPerMillion($0.picoUSDPerMillion)) }) { first, _ in first }
    }

}
