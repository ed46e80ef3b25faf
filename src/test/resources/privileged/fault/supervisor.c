/*
 * Runs a command, and lets one system call of it fail: supervisor REPORT ROLE CALL NUMBER ANSWER COMMAND...
 *
 * A seccomp filter sends the listed calls here. Each call goes on to the kernel, except the one that ROLE, CALL and
 * NUMBER name: that call is not made, and answers minus ANSWER. The answer 0 fakes success. Calls are counted only
 * between two calls of prctl(2) with the options BEGIN and END. REPORT gets a line for each counted call.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BEGIN = 0x6e756331, END = 0x6e756332, MOST = 4096, LENGTH = 96 };

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

static const struct listed {
    int number;
    const char *name;
} calls[] = {
    {SYS_capget, "capget"}, {SYS_capset, "capset"}, {SYS_prctl, "prctl"}, {SYS_setgroups, "setgroups"},
    {SYS_setresgid, "setresgid"}, {SYS_setresuid, "setresuid"}, {SYS_setfsuid, "setfsuid"},
    {SYS_setfsgid, "setfsgid"}, {SYS_getresuid, "getresuid"}, {SYS_getresgid, "getresgid"},
    {SYS_getgroups, "getgroups"}, {SYS_rt_tgsigqueueinfo, "rt_tgsigqueueinfo"}, {SYS_tgkill, "tgkill"},
    {SYS_rt_sigaction, "rt_sigaction"}, {SYS_mprotect, "mprotect"}, {SYS_pipe2, "pipe2"},
    {SYS_getdents64, "getdents64"}, {SYS_lseek, "lseek"}, {SYS_openat, "openat"},
};
enum { LISTED = sizeof calls / sizeof *calls };

enum role { JVM, CALLER, SCOUT, BYSTANDER };
static const char *const roles[] = {"jvm", "caller", "scout", "bystander"};

static struct task {
    pid_t tid;
    enum role role;
    int stale;
} tasks[MOST];
static int known;

static struct count {
    enum role role;
    int count;
    char call[LENGTH];
} counts[MOST];
static int kinds;

static pid_t caller;
static FILE *report;

/* A thread that changes its name may get another role. */
static struct task *task(pid_t tid)
{
    int i = 0;
    while (i < known && tasks[i].tid != tid)
        i++;
    if (i == MOST)
        errx(1, "more threads than expected");
    if (i == known)
        tasks[known++] = (struct task){.tid = tid, .stale = 1};
    if (tasks[i].stale) {
        char path[64], name[32] = "";
        snprintf(path, sizeof path, "/proc/%d/comm", tid);
        FILE *file = fopen(path, "r");
        if (file) {
            if (!fgets(name, sizeof name, file))
                name[0] = 0;
            fclose(file);
        }
        tasks[i].role = !strcmp(name, "nucleus.caps\n") ? SCOUT : !strcmp(name, "bystander\n") ? BYSTANDER : JVM;
        tasks[i].stale = 0;
    }
    return &tasks[i];
}

/* Numbers of processes and threads are left out. Only what is below /proc counts, or beside an open directory. */
static int opened(pid_t tid, unsigned long long address, char *call)
{
    char path[48] = "";
    struct iovec local = {path, sizeof path - 1}, remote = {(void *)address, sizeof path - 1};
    if (process_vm_readv(tid, &local, 1, &remote, 1, 0) <= 0)
        return 0;
    if (path[0] == '/' && strncmp(path, "/proc", 5))
        return 0;
    char *to = call + sprintf(call, "openat(");
    for (const char *from = path; *from; from++)
        if (!isdigit((unsigned char)*from))
            *to++ = isspace((unsigned char)*from) ? '_' : *from;
        else if (to[-1] != '#')
            *to++ = '#';
    strcpy(to, ")");
    return 1;
}

/* Tells whether a call may be one of the library's, and gives its text without spaces. */
static int describe(const struct seccomp_notif *asked, char *call)
{
    const unsigned long long *args = (const unsigned long long *)asked->data.args;
    const char *name = "";
    for (int i = 0; i < LISTED; i++)
        if (calls[i].number == asked->data.nr)
            name = calls[i].name;
    switch (asked->data.nr) {
    case SYS_prctl:
        if (args[0] == PR_CAP_AMBIENT)
            sprintf(call, "prctl(%d,%d,%d)", (int)args[0], (int)args[1], (int)args[2]);
        else
            sprintf(call, "prctl(%d,%d)", (int)args[0], args[0] == PR_GET_NAME ? 0 : (int)args[1]);
        return args[0] != PR_SET_NAME && args[0] < 1000;
    case SYS_rt_sigaction:
        sprintf(call, "rt_sigaction(%d,%s)", (int)args[0], args[1] ? "set" : "get");
        return 1;
    case SYS_mprotect:
        sprintf(call, "mprotect(%d)", (int)args[2]);
        return args[2] == (PROT_READ | PROT_EXEC);
    case SYS_lseek:
        strcpy(call, name);
        return args[1] == 0 && args[2] == SEEK_SET;
    case SYS_openat:
        return opened((pid_t)asked->pid, args[1], call);
    default:
        strcpy(call, name);
        return 1;
    }
}

static int occurrence(enum role role, const char *call)
{
    int i = 0;
    while (i < kinds && (counts[i].role != role || strcmp(counts[i].call, call)))
        i++;
    if (i == MOST)
        errx(1, "more kinds of calls than expected");
    if (i == kinds) {
        counts[i].role = role;
        strcpy(counts[kinds++].call, call);
    }
    return ++counts[i].count;
}

static int install(void)
{
    struct sock_filter filter[LISTED + 3];
    int n = 0;
    filter[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (int i = 0; i < LISTED; i++)
        filter[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)calls[i].number, LISTED - i, 0);
    filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
    struct sock_fprog program = {(unsigned short)n, filter};
    /* A signal does not interrupt a call that has come here: it would be counted twice. */
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                        SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, &program);
}

static void pass(int socket, int *descriptor, int sends)
{
    char byte = 0;
    union {
        char bytes[CMSG_SPACE(sizeof(int))];
        struct cmsghdr aligned;
    } control = {0};
    struct iovec data = {&byte, 1};
    struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (sends) {
        *header = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
        memcpy(CMSG_DATA(header), descriptor, sizeof(int));
    }
    if ((sends ? sendmsg(socket, &message, 0) : recvmsg(socket, &message, 0)) != 1)
        err(1, "the listener is not passed on");
    if (!sends)
        memcpy(descriptor, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(int));
}

static void answer(int listener, char **fault)
{
    static int active, total, done;
    struct seccomp_notif asked = {0};
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &asked) < 0)
        return; /* the thread was killed */
    struct seccomp_notif_resp response = {.id = asked.id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
    unsigned long long option = asked.data.nr == SYS_prctl ? asked.data.args[0] : 0;
    char call[LENGTH];
    if (option == BEGIN || option == END) {
        active = option == BEGIN;
        caller = active ? (pid_t)asked.pid : caller;
        response.flags = 0;
        if (option == END)
            fprintf(report, "END %d\n", total);
        fflush(report);
    } else if (option == PR_SET_NAME) {
        task((pid_t)asked.pid)->stale = 1;
    } else if (active && describe(&asked, call)) {
        enum role role = (pid_t)asked.pid == caller ? CALLER : task((pid_t)asked.pid)->role;
        total++;
        if (role != JVM) {
            int number = occurrence(role, call);
            fprintf(report, "CALL %s %s %d\n", roles[role], call, number);
            if (!done && !strcmp(fault[0], roles[role]) && !strcmp(fault[1], call) && number == atoi(fault[2])) {
                done = 1;
                response.flags = 0;
                response.error = -atoi(fault[3]);
                fprintf(report, "FAULT %s %s %d %s %d %d\n", roles[role], call, number, fault[3], total, asked.pid);
                fflush(report);
            }
        }
    }
    ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
}

int main(int argc, char **argv)
{
    if (argc < 7)
        errx(2, "REPORT ROLE CALL NUMBER ANSWER COMMAND...");
    int sockets[2], listener, status;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets))
        err(1, "socketpair");
    pid_t child = fork();
    if (child == 0) {
        listener = install();
        if (listener < 0)
            err(1, "seccomp");
        pass(sockets[0], &listener, 1);
        close(listener);
        execvp(argv[6], argv + 6);
        err(127, "%s", argv[6]);
    }
    report = fopen(argv[1], "we");
    if (child < 0 || !report)
        err(1, "%s", argv[1]);
    close(sockets[0]);
    pass(sockets[1], &listener, 0);
    int ended = (int)syscall(SYS_pidfd_open, child, 0);
    struct pollfd waited[] = {{.fd = ended, .events = POLLIN}, {.fd = listener, .events = POLLIN}};
    while (poll(waited, 2, -1) >= 0 && !waited[0].revents)
        if (waited[1].revents & POLLIN)
            answer(listener, argv + 2);
    waitpid(child, &status, 0);
    fclose(report);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
