/*
 * Runs the machine code of nucleus.caps.internal.threads.Handler as a signal handler in a process of many threads, without a JVM.
 *
 *     handler RESTORER DATA [PATIENCE DEADLINE ROUNDS] < HEX       offsets in the code; a negative RESTORER means that there is none
 *
 * Prints a line for each check, and ends with 0 if all of them hold. An answer may take
 * PATIENCE milliseconds, and all checks together DEADLINE milliseconds. Threads answer ROUNDS times in the first check.
 */
#include "everybody.h"
#include "rows.h"
#include "slots.h"

/* Volatile: a compiler may take syscall(2) for a function that leaves the variables of this file alone. */
static volatile int chained, chained_signal; static volatile siginfo_t chained_info; static void *volatile chained_context;
static void previous(int signal, siginfo_t *info, void *context) {
    chained++; chained_signal = signal; chained_info = *info; chained_context = context;
}

/* A signal that is not for the handler: it claims no slot, and reaches the previous one as it was sent. */
static int leaves(int code, int pid, const void *value) {
    int before = chained, claimed = slots.claimed;
    chained_context = NULL;
    if (send(tids[0], code, pid, value, 77)) return 0;
    return chained == before + 1 && slots.claimed == (uint32_t) claimed && chained_signal == SIGNAL && chained_context
            && chained_info.si_errno == 77 && chained_info.si_code == code && chained_info.si_pid == pid
            && chained_info.si_value.sival_ptr == value;
}

static void foreign(void) {
    check(leaves(SI_QUEUE, getpid(), &slots), "another value is left to the previous handler");
    check(leaves(SI_QUEUE, getpid() + 1, &block), "another sender, too");
    check(leaves(SI_MESGQ, getpid(), &block), "another code, too");
    data[0] = 0;
    check(leaves(SI_QUEUE, getpid(), &block), "a late one, too");
    check(leaves(SI_QUEUE, getpid(), NULL), "a late one without a value, too");
    data[1] = 0;
    check(!send(tids[0], SI_QUEUE, getpid(), &block, 0), "and where there is none, to nobody");
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

static volatile int errno_handed_on = -1;
static void probe(int signal, siginfo_t *info, void *context) {
    (void) signal; (void) context;
    errno_handed_on = info->si_errno;
}

static int install(long restorer, long data_at) {
    if (!(code = load(data_at))) return -1;
    data[1] = (uintptr_t) previous;
    struct action ours = action(probe, restorer, code);
    if (syscall(SYS_rt_sigaction, SIGNAL, &ours, NULL, 8) || send(getpid(), SI_QUEUE, getpid(), NULL, 1)) return -1;
    ours.handler = POINTER(errno_handed_on ? code : emulated);
    return syscall(SYS_rt_sigaction, SIGNAL, &ours, NULL, 8);
}

static long deadline = 40000; /* milliseconds */

/* The checks run in a child, which ends at its parent's deadline: a thread may not leave a broken handler. */
static int watched(void) {
    pid_t child = fork();
    if (child <= 0) return child;
    int status = 0, ended = 0;
    for (int i = 0; i < deadline / 20 && !ended; i++, usleep(20000)) ended = waitpid(child, &status, WNOHANG);
    if (!ended) kill(child, SIGKILL);
    _exit(!ended || !WIFEXITED(status) ? 3 : WEXITSTATUS(status));
}

int main(int count, char **arguments) {
    if (count < 3) return 2;
    if (count > 5) patience = atol(arguments[3]), deadline = atol(arguments[4]), rounds = atol(arguments[5]);
    if (watched()) return 2;
    block.pid = getpid();

    pthread_t threads[THREADS];
    if (pipe(wire)) return 2;
    enlist();
    for (long i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, i < BUSY ? busy : i < BUSY + SLEEPING ? sleeping : blocked, (void *) i);
    while (__atomic_load_n(&started, __ATOMIC_ACQUIRE) < EVERYBODY) usleep(1000);
    if (install(atol(arguments[1]), atol(arguments[2]))) return 2;

    rows();
    claims();
    check(chained == 0, "nothing of that was left to the previous handler");
    foreign();
    none();
    row(0, SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0, 0);
    check(with_no_new_privs() == 0 && everybody_answers() && with_no_new_privs() == EVERYBODY, "every thread is changed");

    stop = 1;
    for (int i = 0; i < BLOCKED; i++) if (write(wire[1], "", 1) != 1) return 2;
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    check(!disturbed, "registers, errno and blocked calls are as they were");
    return 0;
}
