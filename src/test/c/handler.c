/*
 * Runs the machine code of nucleus.caps.internal.threads.Handler as a signal handler in a process of many threads, without a JVM.
 *
 *     handler RESTORER DATA < HEX      offsets in the code; a negative RESTORER means that there is none
 *
 * Prints a line for each check, and ends with 0 if all of them hold.
 */
#include "everybody.h"

/* Volatile: a compiler may take syscall(2) for a function that leaves the variables of this file alone. */
static volatile int chained, chained_signal; static volatile siginfo_t chained_info; static void *volatile chained_context;
static void previous(int signal, siginfo_t *info, void *context) {
    chained++; chained_signal = signal; chained_info = *info; chained_context = context;
}

/* A signal that is not for the handler: it claims no slot, and reaches the previous one as it was sent. */
static int leaves(int code, int pid, const void *value) {
    int before = chained, claimed = block.claimed;
    chained_context = NULL;
    if (send_value(tids[0], code, pid, value)) return 0;
    return chained == before + 1 && block.claimed == (uint32_t) claimed && chained_signal == SIGNAL && chained_context
            && chained_info.si_code == code && chained_info.si_pid == pid && chained_info.si_value.sival_ptr == value;
}

static int with_no_new_privs(void) {
    int found = 0;
    for (int i = 0; i < EVERYBODY; i++) {
        char path[64], text[8192];
        snprintf(path, sizeof path, "/proc/self/task/%d/status", tids[i]);
        FILE *file = fopen(path, "r");
        if (!file) return -1;
        text[fread(text, 1, sizeof text - 1, file)] = 0;
        fclose(file);
        found += strstr(text, "NoNewPrivs:\t1") != NULL;
    }
    return found;
}

static void programs(void) {
    int good = 1;
    for (int round = 0; round < 200; round++) {
        call(0, SYS_getppid, 0, 0, 0, 0, 0, 0);
        call(1, SYS_gettid, 0, 0, 0, 0, 0, 0);
        good &= everybody_answers() && answered(2, -1);
    }
    check(good, "every thread answers, 200 times");
    call(1, SYS_close, -1, 0, 0, 0, 0, 0);
    call(2, SYS_gettid, 0, 0, 0, 0, 0, 0);
    check(everybody_answers() && answered(1, -EBADF), "a program ends at its first error");
    call(0, SYS_mmap, 0, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 1);
    check(everybody_answers() && answered(0, -EINVAL), "six arguments");
    block.calls = 0;
    check(everybody_answers() && answered(0, 0), "an empty program");
    block.capacity = 5;
    check(everybody_answers() && block.overflow == EVERYBODY - 5, "more threads than slots");
    block.capacity = SLOTS;
}

static void foreign(void) {
    check(leaves(SI_QUEUE, getpid(), slots), "another value is left to the previous handler");
    check(leaves(SI_QUEUE, getpid() + 1, &block), "another sender, too");
    check(leaves(SI_MESGQ, getpid(), &block), "another code, too");
    data[0] = 0;
    check(leaves(SI_QUEUE, getpid(), &block), "a late one, too");
    check(leaves(SI_QUEUE, getpid(), NULL), "a late one without a value, too");
    data[1] = 0;
    check(!send_value(tids[0], SI_QUEUE, getpid(), &block), "and where there is none, to nobody");
}

int main(int count, char **arguments) {
    if (count != 3) return 2;
    long restorer = atol(arguments[1]), data_at = atol(arguments[2]);
    uint8_t *code = mmap(NULL, 2 * data_at, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    unsigned byte;
    for (long i = 0; scanf("%2x", &byte) == 1; i++) code[i] = byte;
    if (mprotect(code, data_at, PROT_READ | PROT_EXEC)) return 2;
    data = (uint64_t *) (code + data_at);
    block.pid = getpid();

    pthread_t threads[THREADS];
    if (pipe(wire)) return 2;
    enlist();
    for (long i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, i < BUSY ? busy : i < BUSY + SLEEPING ? sleeping : blocked, (void *) i);
    while (__atomic_load_n(&started, __ATOMIC_ACQUIRE) < EVERYBODY) usleep(1000);
    struct action ours = { (uintptr_t) code, SA_SIGINFO | SA_RESTART | SA_ONSTACK, 0, ~0UL };
    if (restorer >= 0) { ours.flags |= SA_RESTORER_FLAG; ours.restorer = (uintptr_t) code + restorer; }
    if (syscall(SYS_rt_sigaction, SIGNAL, &ours, NULL, 8)) return 2;
    data[1] = (uintptr_t) previous;

    programs();
    check(chained == 0, "nothing of that was left to the previous handler");
    foreign();
    call(0, SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0, 0);
    check(with_no_new_privs() == 0 && everybody_answers() && with_no_new_privs() == EVERYBODY, "every thread is changed");

    stop = 1;
    for (int i = 0; i < BLOCKED; i++) if (write(wire[1], "", 1) != 1) return 2;
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    check(!disturbed, "registers, errno and blocked calls are as they were");
    return failures != 0;
}
