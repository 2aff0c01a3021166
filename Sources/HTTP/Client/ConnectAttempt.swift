internal import Crypto

/// Makes one new connection for one call: finds the addresses of the origin and tries them in turn.
final class ConnectAttempt {
    private let client: Client
    private var call: Call?
    private var addresses: ArraySlice<NetworkAddress> = []
    private var connection: ClientConnection?
    private var deadline: TimerHandle?
    private var failure = CallFailure.addressRefused

    init(client: Client, call: Call) {
        self.client = client
        self.call = call
        call.carrier = .attempt(self)
    }

    func start() {
        guard let call else { return }
        // Both closures are dropped at the end of the attempt or of the lookup, so holding it makes no cycle that stays.
        deadline = client.loop.schedule(after: call.request.timeouts.connect) { self.fail(.timeout(.connect)) }
        client.names.addresses(of: call.request.origin) { self.found($0) }
    }

    private func found(_ result: Result<[NetworkAddress], NameError>) {
        guard call != nil else { return }
        switch result {
        case .failure(let error): failLater(.nameResolution(error.description))
        case .success(let found):
            addresses = found.filter(client.policy)[...]
            tryNext()
        }
    }

    private func tryNext() {
        guard let call else { return }
        guard let address = addresses.popFirst() else {
            failLater(failure)
            return
        }
        do {
            let channel = try Channel(
                loop: client.loop, socket: .connecting(to: address), isConnecting: true,
                tls: client.session(for: call.request.origin), lowWaterBytes: ClientConnection.lowWaterBytes)
            let connection = ClientConnection(client: client, origin: call.request.origin, channel: channel)
            self.connection = connection
            connection.connect(for: self)
        } catch let error as TLSError {
            failed(.tls(error.description))
        } catch {
            failed(.connect(String(describing: error)))
        }
    }

    /// The connection to the present address could not be made.
    func failed(_ failure: CallFailure) {
        connection = nil
        self.failure = failure
        tryNext()
    }

    /// The connection stands.
    func succeeded() {
        guard let call, let connection else { return }
        finish()
        connection.carry(call)
    }

    func cancel() {
        let connection = connection
        finish()
        connection?.close()
    }

    private func fail(_ failure: CallFailure) {
        let call = call
        cancel()
        call?.fail(failure)
    }

    /// Out of the call stack of `Client.send`.
    private func failLater(_ failure: CallFailure) {
        client.loop.schedule(after: .zero) { self.fail(failure) }
    }

    private func finish() {
        deadline?.cancel()
        deadline = nil
        call = nil
        connection = nil
    }
}
