/*
 * Ways to another user namespace. A program, which tries the way of its first argument and prints the errno, or 0 where it got
 * there; and a library, whose function does the same for the thread that calls it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_clone3
#define SYS_clone3 435
#endif

/* The first 64 bytes of struct clone_args. */
struct arguments {
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
};

/* A child of clone: the way there was open. */
static int born(long child) {
    if (child < 0)
        return errno;
    if (child == 0)
        _exit(0);
    waitpid(child, NULL, __WALL);
    return 0;
}

#ifdef __x86_64__
/* By the gate of 32-bit programs. */
static long int80(long number, long argument) {
    long result;
    __asm__ volatile("int $0x80" : "=a"(result)
                     : "0"(number), "b"(argument), "c"(0L), "d"(0L), "S"(0L), "D"(0L)
                     : "memory", "r8", "r9", "r10", "r11");
    errno = result < 0 ? (int) -result : 0;
    return result < 0 ? -1 : result;
}
#endif

static int entered(const char *file, const char *of) {
    char path[64];
    snprintf(path, sizeof path, file, of);
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return 200;
    return setns(descriptor, CLONE_NEWUSER) == 0 ? 0 : errno;
}

/* In a process of one thread. OF is a process in another user namespace. */
static int go(const char *way, const char *of) {
    struct arguments arguments = {.flags = CLONE_NEWUSER, .exit_signal = SIGCHLD};
    if (strcmp(way, "unshare") == 0)
        return unshare(CLONE_NEWUSER) == 0 ? 0 : errno;
    if (strcmp(way, "unshare-all") == 0)
        return unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS
                       | CLONE_NEWCGROUP) == 0 ? 0 : errno;
    if (strcmp(way, "unshare-raw") == 0)
        return syscall(SYS_unshare, CLONE_NEWUSER | CLONE_FS) == 0 ? 0 : errno;
    if (strcmp(way, "clone") == 0)
        return born(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0));
    if (strcmp(way, "clone-all") == 0)
        return born(syscall(SYS_clone, CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | SIGCHLD, 0, 0, 0, 0));
    if (strcmp(way, "clone3") == 0)
        return born(syscall(SYS_clone3, &arguments, sizeof arguments));
    if (strcmp(way, "setns") == 0)
        return entered("/proc/%s/ns/user", of);
    if (strcmp(way, "setns-pidfd") == 0) {
        long pidfd = syscall(SYS_pidfd_open, atol(of), 0);
        return pidfd < 0 ? 200 : setns((int) pidfd, CLONE_NEWUSER) == 0 ? 0 : errno;
    }
#ifdef __x86_64__
    if (strcmp(way, "int80-unshare") == 0)
        return int80(310, CLONE_NEWUSER) == 0 ? 0 : errno;
    if (strcmp(way, "int80-clone") == 0)
        return born(int80(120, CLONE_NEWUSER | SIGCHLD));
    if (strcmp(way, "int80-setns") == 0) {
        char path[64];
        snprintf(path, sizeof path, "/proc/%s/ns/user", of);
        int descriptor = open(path, O_RDONLY);
        return descriptor < 0 ? 200 : int80(346, descriptor) == 0 ? 0 : errno;
    }
#endif
    return 201;
}

int attempt(const char *way, const char *of) {
    pid_t child = fork();
    if (child < 0)
        return 202;
    if (child == 0) {
        /* int 0x80 raises it on a kernel without 32-bit programs. The handler of the JVM would print a crash report. */
        signal(SIGSEGV, SIG_DFL);
        _exit(go(way, of));
    }
    int status;
    if (waitpid(child, &status, 0) != child)
        return 203;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv) {
    if (argc != 3)
        return 1;
    printf("%d\n", attempt(argv[1], argv[2]));
    return 0;
}
