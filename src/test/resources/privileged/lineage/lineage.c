/*
 * A lineage of threads that the C library does not know: each sleeps, clones its successor and exits.
 * No thread has thread-local storage: this file uses no function of the C library, no errno and no stack protector.
 */
#include <linux/sched.h>
#include <linux/time_types.h>
#include <sys/syscall.h>

enum {
    SHORTEST_US = 300,
    PLACES = 32,
    STACK = 64 * 1024,
    FLAGS = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_CHILD_CLEARTID
};

/* The kernel clears the word when the thread has left its stack. */
static struct place {
    _Alignas(16) char stack[STACK];
    _Alignas(16) volatile int taken;
} places[PLACES];

/* Only the living member uses these. */
static unsigned long long random_state;
static unsigned long long longest_us;

volatile long lineage_generation;
volatile int lineage_settle;
volatile int lineage_settled;

#if defined(__x86_64__)
static long call(long number, long a, long b)
{
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "0"(number), "D"(a), "S"(b) : "rcx", "r11", "memory");
    return result;
}

static long spawn(struct place *place, void (*run)(void))
{
    void (**top)(void) = (void (**)(void))(place->stack + STACK);
    top[-2] = run;
    long result;
    register long cleared __asm__("r10") = (long)&place->taken;
    register long tls __asm__("r8") = 0;
    __asm__ volatile("syscall\n\t"
                     "test %%rax, %%rax\n\t"
                     "jnz 1f\n\t"
                     "xor %%ebp, %%ebp\n\t"
                     "call *(%%rsp)\n\t"
                     "ud2\n"
                     "1:"
                     : "=a"(result)
                     : "0"((long)SYS_clone), "D"((long)FLAGS), "S"(top - 2), "d"(0L), "r"(cleared), "r"(tls)
                     : "rcx", "r11", "memory");
    return result;
}
#elif defined(__aarch64__)
static long call(long number, long a, long b)
{
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1) : "memory");
    return x0;
}

static long spawn(struct place *place, void (*run)(void))
{
    void (**top)(void) = (void (**)(void))(place->stack + STACK);
    top[-2] = run;
    register long x8 __asm__("x8") = SYS_clone;
    register long x0 __asm__("x0") = FLAGS;
    register void *x1 __asm__("x1") = top - 2;
    register long x2 __asm__("x2") = 0;
    register long tls __asm__("x3") = 0;
    register long cleared __asm__("x4") = (long)&place->taken;
    __asm__ volatile("svc #0\n\t"
                     "cbnz x0, 1f\n\t"
                     "mov x29, xzr\n\t"
                     "ldr x9, [sp]\n\t"
                     "blr x9\n\t"
                     "brk #0\n"
                     "1:"
                     : "+r"(x0)
                     : "r"(x8), "r"(x1), "r"(x2), "r"(tls), "r"(cleared)
                     : "memory");
    return x0;
}
#else
#error "no clone for this processor"
#endif

static void live(void);

static void sleep_us(unsigned long long us)
{
    struct __kernel_timespec time = {(long long)(us / 1000000), (long long)(us % 1000000 * 1000)};
    call(SYS_nanosleep, (long)&time, 0);
}

static unsigned long long random_life(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return SHORTEST_US + random_state % (longest_us - SHORTEST_US + 1);
}

/* Tries again until the kernel has a thread for it: a lineage never dies out. */
static void start_successor(void)
{
    for (unsigned i = 0;; i = (i + 1) % PLACES) {
        if (!places[i].taken) {
            places[i].taken = 1;
            if (spawn(&places[i], live) > 0)
                return;
            places[i].taken = 0;
            sleep_us(SHORTEST_US);
        }
    }
}

/* A signal may end the sleep early. */
static void live(void)
{
    lineage_generation++;
    if (lineage_settle) {
        lineage_settled = 1;
        for (;;)
            sleep_us(1000000);
    }
    sleep_us(random_life());
    start_successor();
    for (;;)
        call(SYS_exit, 0, 0);
}

/* Starts the first member from the calling thread, which passes on what it is. */
void lineage_begin(unsigned long long seed, unsigned long long longest)
{
    random_state = seed | 1;
    longest_us = longest;
    start_successor();
}
