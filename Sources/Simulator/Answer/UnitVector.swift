/// An embedding that its seed determines: components between -1 and 1, scaled to length 1.
enum UnitVector {
    static func make(seed: UInt64, dimensions: Int) -> [Float] {
        var draws = Draws(seed: seed)
        var components: [Float] = []
        components.reserveCapacity(dimensions)
        var squares = 0.0
        for _ in 0..<dimensions {
            let component = draws.nextFraction() * 2 - 1
            squares += component * component
            components.append(Float(component))
        }
        // All components zero has a chance that no run will meet, but must not divide by zero.
        let scale = squares > 0 ? Float(1 / squares.squareRoot()) : 0
        for index in components.indices { components[index] *= scale }
        return components
    }
}
