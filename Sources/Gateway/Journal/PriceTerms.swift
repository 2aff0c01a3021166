internal import Spec

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

    init(from decoder: inout RecordDecoder) throws(RecordFault) {
        version = try decoder.string()
        meters = []
        for _ in 0..<(try decoder.count()) {
            let meter = try decoder.string()
            meters.append(Price(meter: meter, picoUSDPerMillion: try decoder.signed()))
        }
    }

    func encode(into encoder: inout RecordEncoder) {
        encoder.put(version)
        encoder.put(UInt64(meters.count))
        for price in meters {
            encoder.put(price.meter)
            encoder.put(price.picoUSDPerMillion)
        }
    }
}
