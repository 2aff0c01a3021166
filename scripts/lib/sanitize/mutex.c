/* What the thread sanitizer must be told of Synchronization's Mutex.
 *
 * A thread that gets the lock by waiting gets it inside Swift's own library, which is not instrumented: to the sanitizer it has the lock
 * from nobody, and everything the lock guards looks like a race. Preloaded, this stands before the two functions that wait and wake
 * (stdlib/public/Synchronization/Mutex/LinuxImpl.swift of Swift 6.3) and says what they did. So nothing need be suppressed, and a race that
 * is one is still seen.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"
#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *self

void __tsan_acquire(void *address);
void __tsan_release(void *address);

SWIFT void lock_slow(uint32_t state, SELF) __asm__(LOCK);
SWIFT void lock_slow(uint32_t state, SELF) {
    SWIFT void (*next)(uint32_t, SELF) = dlsym(RTLD_NEXT, LOCK);
    next(state, self);
    __tsan_acquire(self);
}

SWIFT void unlock_slow(SELF) __asm__(UNLOCK);
SWIFT void unlock_slow(SELF) {
    SWIFT void (*next)(SELF) = dlsym(RTLD_NEXT, UNLOCK);
    __tsan_release(self);
    next(self);
}
