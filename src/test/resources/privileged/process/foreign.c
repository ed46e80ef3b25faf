// A handler of signal 33 that is not the library's, installed without the C library, which refuses that signal.
#define _GNU_SOURCE
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NUMBER 33
#define OURS 0x5eed

static long own;
static long others;

static void handle(int number, siginfo_t *info, void *context) {
    (void)number;
    (void)context;
    int is_own = info->si_code == SI_QUEUE && info->si_value.sival_int == OURS;
    __atomic_add_fetch(is_own ? &own : &others, 1, __ATOMIC_SEQ_CST);
}

#ifdef __x86_64__
#define SA_RESTORER 0x04000000
__asm__(".text\nforeign_restorer:\n    mov $15, %eax\n    syscall\n");
extern void foreign_restorer(void);
#endif

struct kernel_action {
    void (*handler)(int, siginfo_t *, void *);
    unsigned long flags;
#ifdef __x86_64__
    void (*restorer)(void);
#endif
    unsigned long mask;
};

long foreign_install(void) {
    struct kernel_action action;
    memset(&action, 0, sizeof action);
    action.handler = handle;
    action.flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK;
#ifdef __x86_64__
    action.flags |= SA_RESTORER;
    action.restorer = foreign_restorer;
#endif
    return syscall(SYS_rt_sigaction, NUMBER, &action, 0, sizeof action.mask);
}

// To a thread of this process.
long foreign_send(long tid) {
    siginfo_t info;
    memset(&info, 0, sizeof info);
    info.si_signo = NUMBER;
    info.si_code = SI_QUEUE;
    info.si_pid = getpid();
    info.si_uid = getuid();
    info.si_value.sival_int = OURS;
    return syscall(SYS_rt_tgsigqueueinfo, getpid(), tid, NUMBER, &info);
}

long foreign_own(void) {
    return __atomic_load_n(&own, __ATOMIC_SEQ_CST);
}

// Signals that somebody else sent.
long foreign_others(void) {
    return __atomic_load_n(&others, __ATOMIC_SEQ_CST);
}
