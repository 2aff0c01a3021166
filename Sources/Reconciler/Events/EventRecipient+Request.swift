internal import HTTP
internal import Spec
internal import Store

extension EventRecipient {
    /// What is sent; secrets are read now, so that a rotated one is taken at once. `owners` are the units that declare the
    /// organizations whose files it names.
    func request(
        for delivery: ClaimedDelivery, secretsFolder: String, owners: [String: String] = [:]
    ) throws(SecretProblem) -> OutboundRequest {
        let reading = SecretReading(org: org, unit: declarer, owners: owners, folder: secretsFolder)
        switch target {
        case .webhook(let webhook):
            var secrets: [WebhookSecret] = []
            if let reference = webhook.secret {
                let (text, origin) = try reading.read(reference)
                secrets = try WebhookSecret.list(text, from: origin)
            }
            var authorization: String?
            if let reference = webhook.authorization { authorization = try reading.token(reference) }
            return try WebhookRequest(
                webhook, delivery.event, data: WebhookRequest.data(delivery.event, for: self), secrets: secrets,
                authorization: authorization, now: delivery.now, timeout: timeout
            ).request
        case .statuses(let statuses):
            guard let status = CommitStatus(delivery.event.draft, link: statuses.link) else {
                throw SecretProblem("the event is of no commit")
            }
            return try StatusRequest(statuses, status, token: reading.token(statuses.token), timeout: timeout).request
        }
    }

    func outcome(of answer: DeliveryAnswer, for delivery: ClaimedDelivery) -> DeliveryOutcome {
        var isWebhook = true
        if case .statuses(let statuses) = target {
            isWebhook = false
            if case .answered(let status, _, let text) = answer,
                StatusRequest.isKnownAlready(statuses.host, status: status, text: text)
            {
                return DeliveryOutcome(.delivered, status: status, answer: text)
            }
        }
        return schedule.outcome(of: answer, for: delivery, isWebhook: isWebhook, draw: .random(in: 0..<1))
    }
}
