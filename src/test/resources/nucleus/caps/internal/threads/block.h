/* The memory that the machine code works on. Who includes this says how much there is of it. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>


#define SIGNAL 33
#define SA_RESTORER_FLAG 0x04000000UL

/* The layout is the one of the assembler sources. */
enum { MERGE = -1, IN_SLOT_0 = 1, IN_SLOT_1 = 2, IN_SLOT_2 = 4, TOLERATED = 8 };
struct row { uint64_t number, argument[6], flags; };
struct slot {
    volatile int32_t tid; int32_t ask;
    const struct row *refused; int64_t error, results[RESULTS];
    uint32_t words[WORDS]; /* memory for out-pointers */
};
struct slots { volatile uint32_t claimed, overflow, unused[14]; struct slot slot[SLOTS]; };
struct block {
    struct row *always, *end; struct slots *slots; uint64_t capacity, stride; uint32_t pid, unused[5];
    struct row rows[ROWS];
};
#ifdef __riscv // its struct sigaction has no restorer
struct action { uint64_t handler, flags, mask, restorer; };
#else
struct action { uint64_t handler, flags, restorer, mask; };
#endif
_Static_assert(offsetof(struct block, rows) == 64 && offsetof(struct slots, slot) == 64, "layout");

static struct slots slots;
static struct block block = { .slots = &slots, .capacity = SLOTS, .stride = sizeof(struct slot) };
static volatile uint64_t *data; /* current, previous */

#define POINTER(p) ((uint64_t) (uintptr_t) (p))
/* Where a word lies in the slot. */
#define WORD(n) (offsetof(struct slot, words) + 4 * (n))

static void none(void) {
    block.always = NULL; block.end = block.rows;
}

/* One more row; from always() on it is one of those that are run whatever happened before. */
static struct row *row(uint64_t flags, uint64_t number, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f) {
    *block.end = (struct row) { number, { a, b, c, d, e, f }, flags };
    return block.end++;
}

static void always(void) {
    block.always = block.end;
}

/* Places the code, which is read as hexadecimal digits, where it can be executed, and the two words behind it. */
static void *load(long data_at) {
    uint8_t *memory = mmap(NULL, 2 * data_at, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    unsigned byte;
    for (long i = 0; scanf("%2x", &byte) == 1; i++) memory[i] = byte;
    if (mprotect(memory, data_at, PROT_READ | PROT_EXEC)) return NULL;
    data = (uint64_t *) (memory + data_at);
    return memory;
}

/* What a handler of the signal is installed as. */
static struct action action(const void *handler, long restorer, const void *code) {
    struct action action = { POINTER(handler), SA_SIGINFO | SA_RESTART | SA_ONSTACK, 0, ~0UL };
    if (restorer >= 0) { action.flags |= SA_RESTORER_FLAG; action.restorer = POINTER(code) + restorer; }
    return action;
}

static int send_value(int tid, int code, int pid, const void *value, int ask) {
    siginfo_t info;
    memset(&info, 0, sizeof info);
    info.si_signo = SIGNAL; info.si_errno = ask; info.si_code = code; info.si_pid = pid; info.si_value.sival_ptr = (void *) value;
    return syscall(SYS_rt_tgsigqueueinfo, getpid(), tid, SIGNAL, &info);
}
