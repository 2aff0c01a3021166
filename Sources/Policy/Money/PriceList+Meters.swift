package import Spec

extension PriceList {
    /// Every meter with a price, as declared; a journal keeps them to book usage without the catalog.
    package var meters: [Meter: PicoUSDPerMillion] {
        var meters: [Meter: PicoUSDPerMillion] = [:]
        func note(_ meter: Meter, _ price: Int64?) {
            if let price { meters[meter] = PicoUSDPerMillion(price) }
        }
        note(.input, input)
        note(.output, output)
        note(.cacheRead, cacheRead)
        note(.cacheWrite, cacheWrite)
        note(.reasoning, reasoning)
        if image > 0 { note(.image, image) }
        if request > 0 { note(.request, request) }
        for (meter, price) in others { note(meter, price) }
        return meters
    }
}
