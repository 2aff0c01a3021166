@testable import HTTP
import Testing

@Suite struct TurnQueueTests {
    private func turn(_ queue: inout TurnQueue, without gone: Set<UInt32> = []) -> [Int] {
        queue.beginTurn { !gone.contains($0.slot) }
        var names: [Int] = []
        while let next = queue.next() {
            names.append(Int(next.slot))
            queue.left()
        }
        return names
    }

    private func append(_ names: Range<Int>, to queue: inout TurnQueue) {
        for name in names { queue.append(Registration(slot: UInt32(name), generation: 0), at: start + .milliseconds(name)) }
    }

    private let start = MonotonicInstant(nanoseconds: 0)
    private let most = TurnQueue.turnMax

    @Test func `takes what a turn can hold in order of arrival`() {
        var queue = TurnQueue()
        append(0..<most, to: &queue)
        #expect(!queue.isBehind)
        #expect(turn(&queue) == Array(0..<most))
        #expect(queue.isEmpty)
        #expect(turn(&queue).isEmpty)
    }

    @Test func `takes what came last first when there is more`() {
        var queue = TurnQueue()
        append(0..<3 * most, to: &queue)
        #expect(queue.isBehind)
        #expect(turn(&queue) == (2 * most..<3 * most).reversed())
        append(3 * most..<3 * most + 1, to: &queue)
        #expect(turn(&queue).first == 3 * most)
        #expect(!queue.isEmpty)
        #expect(turn(&queue) == (1...most).reversed())
        #expect(turn(&queue) == [0])
        #expect(queue.isEmpty && !queue.isBehind)
    }

    @Test(arguments: [1, 3])
    func `who comes during a turn waits for the next`(_ turns: Int) {
        var queue = TurnQueue()
        append(0..<turns * most, to: &queue)
        queue.beginTurn { _ in true }
        append(1000..<1001, to: &queue)
        var names: [UInt32] = []
        while let next = queue.next() { names.append(next.slot) }
        #expect(names.count == most && !names.contains(1000))
        #expect(!queue.isEmpty)
    }

    @Test func `passes over who has gone, whose place another has`() {
        var queue = TurnQueue()
        append(0..<3 * most, to: &queue)
        let gone = Set((most..<3 * most).map(UInt32.init))
        for _ in gone { queue.left() }
        #expect(!queue.isBehind)
        #expect(turn(&queue, without: gone) == Array(0..<most))
        queue = TurnQueue()
        append(0..<2 * most, to: &queue)
        let late = start + TurnQueue.patience + .milliseconds(10)
        #expect(queue.nextLate(late) { $0.slot > 5 }?.slot == 6)
    }

    @Test func `gives out who has waited for too long, the oldest first`() {
        var queue = TurnQueue()
        append(0..<500, to: &queue)
        let now = start + TurnQueue.patience + .milliseconds(200)
        var late: [Int] = []
        while let next = queue.nextLate(now, where: { _ in true }) {
            late.append(Int(next.slot))
            queue.left()
        }
        #expect(late == Array(0...200))
        #expect(turn(&queue).first == 499)
    }

    @Test func `keeps nobody alive who has left`() throws {
        let loop = try EventLoop()
        let wakeUp = try WakeUp()
        weak var left: Waiting?
        do {
            let waiting = Waiting()
            left = waiting
            let registration = try loop.register(wakeUp.descriptor, [.readable], waiting)
            loop.awaitTurn(registration)
            #expect(loop.awaitsTurn(registration))
            loop.deregister(registration, of: wakeUp.descriptor)
            #expect(!loop.awaitsTurn(registration))
        }
        #expect(left == nil)
    }

    private final class Waiting: EventHandler {
        func ready(_ readiness: Readiness) {}
    }
}
