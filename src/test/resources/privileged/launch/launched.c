/*
 * Does to itself what a launcher is asked for, and executes a program; a second way to the same end, to compare with.
 * launched UID GID BOUNDING INHERITABLE AMBIENT SECUREBITS NO_NEW_PRIVS DESCRIPTORS PROGRAM [ARGUMENT...]: sets and bits
 * in hex, and the descriptors to keep as - or a list with commas.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/capability.h>

static void must(long result, const char *what)
{
    if (result) {
        fprintf(stderr, "launched: %s: %s\n", what, strerror(errno));
        exit(99);
    }
}

/* Inheritable is replaced; what is permitted becomes effective. */
static void capabilities(unsigned long long inheritable)
{
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2];
    must(syscall(SYS_capget, &header, data), "capget");
    for (int i = 0; i < 2; i++) {
        data[i].effective = data[i].permitted;
        data[i].inheritable = (__u32)(inheritable >> (32 * i));
    }
    must(syscall(SYS_capset, &header, data), "capset");
}

/* Closes all others above 2. */
static void keep(const char *descriptors)
{
    char listed[4096] = {1, 1, 1};
    for (char *end; *descriptors >= '0' && *descriptors <= '9'; descriptors = *end ? end + 1 : end)
        listed[strtoul(descriptors, &end, 10) % sizeof listed] = 1;
    for (int fd = 0; fd < (int)sizeof listed; fd++)
        if (!listed[fd])
            close(fd);
}

int main(int argc, char **argv)
{
    unsigned long long word[8];
    if (argc < 10)
        return 98;
    keep(argv[8]);
    for (int i = 1; i < 8; i++)
        word[i] = strtoull(argv[i], NULL, i < 3 ? 10 : 16);
    capabilities(word[4]);
    for (int cap = 0; cap < 64; cap++)
        if (prctl(PR_CAPBSET_READ, cap, 0, 0, 0) == 1 && !(word[3] >> cap & 1))
            must(prctl(PR_CAPBSET_DROP, cap, 0, 0, 0), "bounding");
    must(prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0), "keepcaps");
    must(setgroups(0, NULL), "setgroups");
    must(setresgid(word[2], word[2], word[2]), "setresgid");
    must(setresuid(word[1], word[1], word[1]), "setresuid");
    capabilities(word[4]);
    for (int cap = 0; cap < 64; cap++)
        if (word[5] >> cap & 1)
            must(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0), "ambient");
    must(prctl(PR_SET_SECUREBITS, word[6], 0, 0, 0), "securebits");
    if (word[7])
        must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
    execv(argv[9], argv + 9);
    must(-1, argv[9]);
}
