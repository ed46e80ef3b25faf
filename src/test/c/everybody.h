/* A process of many threads, each at something that a signal could disturb, and the control block that they all answer to. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SIGNAL 33
#define SLOTS 64
#define SA_RESTORER_FLAG 0x04000000UL
enum { BUSY = 6, SLEEPING = 5, BLOCKED = 5, THREADS = BUSY + SLEEPING + BLOCKED, EVERYBODY = THREADS + 1 };

struct slot { volatile int32_t tid; int32_t executed; int64_t result; };
struct call { uint64_t number, argument[6]; };
struct block {
    volatile uint32_t claimed, overflow;
    uint64_t capacity, calls;
    struct slot *slots;
    uint32_t pid, unused[7];
    struct call program[8];
};
struct action { uint64_t handler, flags, restorer, mask; };

static struct slot slots[SLOTS];
static struct block block = { .capacity = SLOTS, .slots = slots };
static volatile uint64_t *data; /* current, previous */

static int tids[EVERYBODY], started, failures;
static volatile int stop, disturbed;
static int wire[2];

static void check(int holds, const char *what) {
    printf("%s: %s\n", holds ? "ok" : "FAILED", what);
    failures += !holds;
}

static void enlist(void) {
    tids[__atomic_fetch_add(&started, 1, __ATOMIC_ACQ_REL)] = syscall(SYS_gettid);
}

/* Many values in registers, computed twice: a handler that loses one is seen. */
static void *busy(void *seed) {
    enlist();
    for (uint64_t x = (uintptr_t) seed; !stop; x++) {
        uint64_t a[2], b[2]; double d[2]; float f[2];
        for (int k = 0; k < 2; k++) {
            uint64_t y = x, z = 7; double e = 1; float g = 1;
            errno = 1234;
            for (int i = 0; i < 20000; i++) {
                y = y * 6364136223846793005U + 1; z += y >> 3; e = e * 1.0000001 + 1e-9; g = g * 1.001f - 1e-3f;
            }
            a[k] = y; b[k] = z; d[k] = e; f[k] = g;
            disturbed |= errno != 1234;
        }
        disturbed |= a[0] != a[1] || b[0] != b[1] || d[0] != d[1] || f[0] != f[1];
    }
    return NULL;
}

static void *sleeping(void *unused) {
    for (enlist(); !stop; usleep(500)) { }
    return unused;
}

/* A call that was interrupted has to go on. */
static void *blocked(void *unused) {
    char c;
    enlist();
    disturbed |= read(wire[0], &c, 1) != 1;
    return unused;
}

static int send_value(int tid, int code, int pid, const void *value) {
    siginfo_t info;
    memset(&info, 0, sizeof info);
    info.si_signo = SIGNAL; info.si_code = code; info.si_pid = pid; info.si_value.sival_ptr = (void *) value;
    return syscall(SYS_rt_tgsigqueueinfo, getpid(), tid, SIGNAL, &info);
}

static void call(int index, long number, long a, long b, long c, long d, long e, long f) {
    block.program[index] = (struct call) { number, { a, b, c, d, e, f } };
    block.calls = index + 1;
}

#ifndef PATIENCE
#define PATIENCE 100000 /* tenths of a millisecond, at least */
#endif

/* Signals everybody and waits for as many answers as there are slots, or threads. */
static int everybody_answers(void) {
    memset(slots, 0, sizeof slots);
    block.claimed = block.overflow = 0;
    data[0] = (uintptr_t) &block;
    __sync_synchronize();
    for (int i = 0; i < EVERYBODY; i++)
        if (send_value(tids[i], SI_QUEUE, getpid(), &block)) return 0;
    int answers = 0;
    for (int i = 0; i < PATIENCE && answers + (int) block.overflow < EVERYBODY; i++, usleep(100))
        for (answers = 0; answers < (int) block.capacity && slots[answers].tid; answers++) { }
    return answers + block.overflow == EVERYBODY;
}

/* Each thread once, with this; a result of -1 stands for the tid of each. */
static int answered(int executed, long result) {
    for (int i = 0; i < EVERYBODY; i++) {
        int found = 0;
        for (int s = 0; s < EVERYBODY; s++)
            found += slots[s].tid == tids[i] && slots[s].executed == executed
                    && slots[s].result == (result == -1 ? tids[i] : result);
        if (found != 1) return 0;
    }
    return 1;
}
