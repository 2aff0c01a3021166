extension OpenedRecord {
    init(from decoder: inout RecordDecoder) throws(RecordFault) {
        let decision = try decoder.decision()
        id = AttemptID(decision: decision, attempt: try decoder.byte())
        at = try decoder.signed()
        account = try UsageAccount(from: &decoder)
        endpoint = try decoder.string()
        requestedModel = try decoder.string()
        model = try decoder.string()
        route = try decoder.optionalString()
        price = try PriceTerms(from: &decoder)
        isStream = try decoder.bool()
        inputEstimate = try decoder.signed()
        outputHold = try decoder.signed()
        costHold = try decoder.signed()
        revision = try decoder.signed()
    }

    func encode(into encoder: inout RecordEncoder) {
        encoder.put(id.decision)
        encoder.put(byte: id.attempt)
        encoder.put(at)
        account.encode(into: &encoder)
        encoder.put(endpoint)
        encoder.put(requestedModel)
        encoder.put(model)
        encoder.put(route)
        price.encode(into: &encoder)
        encoder.put(isStream)
        encoder.put(inputEstimate)
        encoder.put(outputHold)
        encoder.put(costHold)
        encoder.put(revision)
    }
}

extension UsageAccount {
    init(from decoder: inout RecordDecoder) throws(RecordFault) {
        org = try decoder.string()
        orgUID = try decoder.string()
        project = try decoder.optionalString()
        projectUID = try decoder.optionalString()
        member = try decoder.optionalString()
        memberUID = try decoder.optionalString()
        key = try decoder.string()
        keyUID = try decoder.string()
    }

    func encode(into encoder: inout RecordEncoder) {
        encoder.put(org)
        encoder.put(orgUID)
        encoder.put(project)
        encoder.put(projectUID)
        encoder.put(member)
        encoder.put(memberUID)
        encoder.put(key)
        encoder.put(keyUID)
    }
}

extension PriceTerms {
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
