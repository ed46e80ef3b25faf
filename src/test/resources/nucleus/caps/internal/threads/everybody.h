/* A process of many threads, each at something that a signal could disturb, and the block that they all answer to. */
enum { BUSY = 6, SLEEPING = 5, BLOCKED = 5, THREADS = BUSY + SLEEPING + BLOCKED, EVERYBODY = THREADS + 1 };
enum { SLOTS = 4096, ROWS = 15, RESULTS = 16, WORDS = 10 };
#include "block.h"

static int tids[EVERYBODY], started;
static volatile int stop, disturbed;
static int wire[2];

/* The first check that fails ends the program: threads may be in a state where a further one would never end. */
static void check(int holds, const char *what) {
    printf("%s: %s\n", holds ? "ok" : "FAILED", what);
    fflush(stdout);
    if (!holds) _exit(1);
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
            for (int i = 0; i < 5000; i++) {
                y = y * 6364136223846793005U + 1; z += y >> 3; e = e * 1.0000001 + 1e-9; g = g * 1.001f - 1e-3f;
            }
            a[k] = y; b[k] = z; d[k] = e; f[k] = g;
            disturbed |= errno != 1234;
        }
        disturbed |= a[0] != a[1] || b[0] != b[1] || d[0] != d[1] || f[0] != f[1];
        usleep(2000); /* so that the other threads answer soon */
    }
    return NULL;
}

static void *sleeping(void *unused) {
    for (enlist(); !stop; usleep(2000)) { }
    return unused;
}

/* A call that was interrupted has to go on. */
static void *blocked(void *unused) {
    char c;
    enlist();
    disturbed |= read(wire[0], &c, 1) != 1;
    return unused;
}

/* An emulator may hand on 0 for si_errno; then the handler that is installed puts in what was sent, and goes to the code. */
static volatile int sent[EVERYBODY];
static void (*code)(int, siginfo_t *, void *);
static void emulated(int signal, siginfo_t *info, void *context) {
    int tid = syscall(SYS_gettid);
    for (int i = 0; i < EVERYBODY; i++) if (tids[i] == tid) info->si_errno = sent[i];
    syscall(SYS_getppid); /* leaves another number of a call behind than the code needs first */
    code(signal, info, context); /* changes registers that are not its own: nothing may follow */
}

static int send(int tid, int code, int pid, const void *value, int ask) {
    for (int i = 0; i < EVERYBODY; i++) if (tids[i] == tid) sent[i] = ask;
    return send_value(tid, code, pid, value, ask);
}

static long patience = 10000; /* milliseconds */

/* Waits a little; no longer possible once the time is over that began with the first call for these ticks. */
static int patient(long *began) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    long ms = now.tv_sec * 1000 + now.tv_nsec / 1000000;
    if (!*began) *began = ms;
    usleep(200);
    return ms - *began < patience;
}

static void begin(void) {
    if (!block.always) always();
    memset(&slots, 0, sizeof slots);
    data[0] = (uintptr_t) &block;
    __sync_synchronize();
}

static int ask(int tid, int question) {
    return send(tid, SI_QUEUE, getpid(), &block, question);
}

/* The slots that are answered, from the first on. */
static int answers(void) {
    int answers = 0;
    while (answers < (int) block.capacity && __atomic_load_n(&slots.slot[answers].tid, __ATOMIC_ACQUIRE)) answers++;
    return answers;
}

/* Waits until as many have answered, or have found no slot. */
static int answered_by(int threads) {
    for (long began = 0; answers() + (int) slots.overflow < threads && patient(&began); ) { }
    return answers() + (int) slots.overflow == threads && (int) slots.claimed == threads;
}

/* Asks everybody the program, thread i with i + 1. */
static int everybody_answers(void) {
    begin();
    for (int i = 0; i < EVERYBODY; i++)
        if (ask(tids[i], i + 1)) return 0;
    return answered_by(EVERYBODY);
}

/* The one slot of a thread. */
static struct slot *slot_of(int tid) {
    struct slot *found = NULL;
    for (int s = 0; s < (int) block.capacity && slots.slot[s].tid; s++)
        if (slots.slot[s].tid == tid) {
            if (found) return NULL;
            found = &slots.slot[s];
        }
    return found;
}

/* Each thread once, with this for its refused row and the error of it. */
static int refused(const struct row *row, int64_t error) {
    for (int i = 0; i < EVERYBODY; i++) {
        struct slot *slot = slot_of(tids[i]);
        if (!slot || slot->refused != row || slot->error != error) return 0;
    }
    return 1;
}

/* Each thread with these results and no other; TID stands for the tid of each. */
#define TID INT64_MIN
static int gave(int count, const int64_t *results) {
    for (int i = 0; i < EVERYBODY; i++) {
        struct slot *slot = slot_of(tids[i]);
        for (int r = 0; r < RESULTS; r++) {
            int64_t expected = r >= count ? 0 : results[r] == TID ? tids[i] : results[r];
            if (!slot || slot->results[r] != expected) return 0;
        }
    }
    return 1;
}
#define GAVE(...) gave(sizeof (int64_t[]) { __VA_ARGS__ } / 8, (int64_t[]) { __VA_ARGS__ })
#define GAVE_NOTHING gave(0, NULL)
