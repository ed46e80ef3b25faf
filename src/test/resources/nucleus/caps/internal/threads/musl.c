/*
 * Drops everything on every thread of a process, by the machine code of nucleus.caps.internal.threads.Handler. The C library may be
 * another than glibc. Threads are created, detached, cancelled and ended meanwhile. The parent judges by /proc. Needs root.
 *
 *     musl RESTORER DATA < HEX         as handler.c
 */
enum { SLOTS = 1 << 16, ROWS = 160, RESULTS = 80, WORDS = 16 };
#include "block.h"
#include "judge.h"

enum { WORKERS = 24, CREATORS = 4, PEOPLE = WORKERS + CREATORS + 1 };
enum { NOBODY = 65534, TASKS = 1 << 22, PATIENCE = 30 /* seconds */ };
/* Where in the slot the out-pointers lead: capget fills six words, getresuid and getresgid three each. */
enum { CAPS = 0, UIDS = 6, GIDS = 9 };

static volatile int stop, disturbed;
static int started;

/* The C library's own, of the kind that keeps state in the thread or takes locks. */
static void *worker(void *unused) {
    for (__atomic_fetch_add(&started, 1, __ATOMIC_ACQ_REL); !stop; usleep(500)) {
        char *text = malloc(300), path[64];
        errno = 0;
        disturbed |= snprintf(text, 300, "%d", getpid()) < 1 || atoi(text) != getpid();
        snprintf(path, sizeof path, "/proc/self/task/%ld/comm", syscall(SYS_gettid));
        FILE *file = fopen(path, "r");
        disturbed |= !file || !fgets(text, 300, file);
        if (file) fclose(file);
        disturbed |= open("/nowhere", O_RDONLY) != -1 || errno != ENOENT;
        free(text);
    }
    return unused;
}

static void *brief(void *unused) {
    usleep(300);
    return unused;
}

static void *endless(void *unused) {
    for (;;) pause();
    return unused;
}

/* One thread after another: detached, joined, cancelled. */
static void *creator(void *seed) {
    __atomic_fetch_add(&started, 1, __ATOMIC_ACQ_REL);
    for (uintptr_t i = (uintptr_t) seed; !stop; i++, usleep(2000)) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, i % 3 ? brief : endless, NULL)) { disturbed = 1; continue; }
        if (i % 3 == 1) { pthread_detach(thread); continue; }
        if (i % 3 == 0) pthread_cancel(thread);
        void *result;
        disturbed |= pthread_join(thread, &result) || (i % 3 == 0 && result != PTHREAD_CANCELED);
    }
    return NULL;
}

static struct { uint32_t version; int pid; } header = { 0x20080522, 0 };
static uint32_t nothing[6];
static int last_cap;

/* Each thread begins with something in every place, so that it is seen whether it goes. */
static int hold(void) {
    struct { uint32_t effective, permitted, inheritable; } sets[2];
    uint32_t group = 7;
    if (syscall(SYS_setgroups, 1, &group) || syscall(SYS_capget, &header, sets)) return -1;
    for (int i = 0; i < 2; i++) sets[i].inheritable = sets[i].permitted;
    if (syscall(SYS_capset, &header, sets)) return -1;
    while (prctl(PR_CAPBSET_READ, last_cap + 1, 0, 0, 0) >= 0) last_cap++;
    for (int i = 0; i <= last_cap; i++)
        if (sets[i / 32].permitted >> i % 32 & 1 && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, i, 0, 0)) return -1;
    return 0;
}

static void drop(void) {
    none();
    for (int i = 0; i <= last_cap; i++) row(0, SYS_prctl, PR_CAPBSET_DROP, i, 0, 0, 0, 0);
    row(0, SYS_setgroups, 0, 0, 0, 0, 0, 0);
    row(0, SYS_setresgid, NOBODY, NOBODY, NOBODY, 0, 0, 0);
    row(0, SYS_setresuid, NOBODY, NOBODY, NOBODY, 0, 0, 0);
    row(0, SYS_capset, POINTER(&header), POINTER(nothing), 0, 0, 0, 0);
    row(0, SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0, 0);
    always();
    row(IN_SLOT_1, SYS_capget, POINTER(&header), WORD(CAPS), 0, 0, 0, 0);
    row(IN_SLOT_0 | IN_SLOT_1 | IN_SLOT_2, SYS_getresuid, WORD(UIDS), WORD(UIDS + 1), WORD(UIDS + 2), 0, 0, 0);
    row(IN_SLOT_0 | IN_SLOT_1 | IN_SLOT_2, SYS_getresgid, WORD(GIDS), WORD(GIDS + 1), WORD(GIDS + 2), 0, 0, 0);
    row(0, SYS_getgroups, 0, 0, 0, 0, 0, 0);
    row(0, SYS_prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0, 0);
    for (int i = 0; i <= last_cap; i++) row(0, SYS_prctl, PR_CAPBSET_READ, i, 0, 0, 0, 0);
}

/* Whoever was born of a thread that had dropped everything is refused the first call, and holds nothing either. */
static int dropped(const struct slot *slot) {
    int good = slot->refused ? slot->refused == block.rows && slot->error == -EPERM : !slot->error;
    for (int i = 0; i < 6; i++) good &= !slot->words[CAPS + i] && slot->words[UIDS + i] == NOBODY;
    for (int r = 0; r < RESULTS; r++) good &= slot->results[r] == (r == 4);
    return good && slot->ask == 4711;
}

/* Asks everybody who is listed and was not asked; true if nobody is listed who has not answered. */
static int quiet(const char *answered, char *asked) {
    static char listing[1 << 20] __attribute__((aligned(8)));
    int directory = open("/proc/self/task", O_RDONLY | O_DIRECTORY), quiet = directory >= 0;
    long size = syscall(SYS_getdents64, directory, listing, sizeof listing);
    for (long at = 0; at < size; at += *(unsigned short *) (listing + at + 16)) {
        int tid = atoi(listing + at + 19);
        if (tid <= 0 || tid >= TASKS || answered[tid]) continue;
        quiet = 0;
        if (!asked[tid]) asked[tid] = !send_value(tid, SI_QUEUE, getpid(), &block, 4711);
    }
    /* A second call that still finds something may have missed a thread. */
    quiet &= size > 0 && syscall(SYS_getdents64, directory, listing, sizeof listing) == 0;
    close(directory);
    return quiet;
}

/* Until two listings in a row show nobody who has not answered. */
static int everybody_drops(void) {
    static char answered[TASKS], asked[TASKS];
    int taken = 0, listings = 0;
    for (time_t end = time(NULL) + PATIENCE; listings < 2; usleep(200)) {
        if (time(NULL) > end) return 0;
        for (int tid; taken < SLOTS && (tid = __atomic_load_n(&slots.slot[taken].tid, __ATOMIC_ACQUIRE)); taken++) {
            if (answered[tid]++ || !dropped(&slots.slot[taken])) return 0;
        }
        listings = quiet(answered, asked) ? listings + 1 : 0;
    }
    return taken >= PEOPLE && !slots.overflow;
}

static int subject(long restorer, long data_at, int out, int in) {
    char go;
    pthread_t people[PEOPLE];
    if (hold()) return 2;
    for (long i = 0; i < PEOPLE - 1; i++)
        if (pthread_create(&people[i], NULL, i < WORKERS ? worker : creator, (void *) i)) return 2;
    while (__atomic_load_n(&started, __ATOMIC_ACQUIRE) < PEOPLE - 1) usleep(1000);
    /* musl cancels by this very signal, and installs its handler when it does so first. */
    pthread_t cancelled;
    if (pthread_create(&cancelled, NULL, endless, NULL) || pthread_cancel(cancelled) || pthread_join(cancelled, NULL)) return 2;

    void *code = load(data_at);
    struct action ours = action(code, restorer, code), found;
    if (!code || syscall(SYS_rt_sigaction, SIGNAL, NULL, &found, 8)) return 2;
    data[1] = found.handler > 1 ? found.handler : 0;
    if (syscall(SYS_rt_sigaction, SIGNAL, &ours, NULL, 8)) return 2;
    block.pid = getpid();
    if (write(out, "s", 1) != 1 || read(in, &go, 1) != 1) return 2;
    drop();
    data[0] = POINTER(&block);
    int good = everybody_drops();
    data[0] = 0;
    if (write(out, good ? "d" : "f", 1) != 1 || read(in, &go, 1) != 1) return 2;
    stop = 1;
    for (int i = 0; i < PEOPLE - 1; i++) pthread_join(people[i], NULL);
    return disturbed ? 4 : 0;
}

int main(int count, char **arguments) {
    int to[2], from[2], status;
    if (count != 3 || pipe(to) || pipe(from)) return 2;
    judged = fork();
    close(judged ? from[1] : to[1]);
    if (!judged) _exit(subject(atol(arguments[1]), atol(arguments[2]), from[1], to[0]));
    check(said(from[0]) == 's' && all(PEOPLE, privileged), "before, every thread holds everything");
    check(write(to[1], "g", 1) == 1 && said(from[0]) == 'd', "every thread answers that it holds nothing");
    check(all(PEOPLE, unprivileged), "every thread holds nothing");
    usleep(100000);
    check(all(PEOPLE, unprivileged), "nor does one that was created later");
    check(write(to[1], "g", 1) == 1 && waitpid(judged, &status, 0) == judged && status == 0, "the threads noticed nothing");
    return 0;
}
