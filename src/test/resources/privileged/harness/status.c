/*
 * Prints what this process is and holds: the lines of /proc/self/status, the securebits, which stand in no file, and the
 * descriptors above 2, if any is open.
 * status [WORD]: the word, where it is the only one, is put before each line. A script whose interpreter this is gives more.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

static const char *const KEYS[] = {"Uid:", "Gid:", "Groups:", "CapInh:", "CapPrm:", "CapEff:", "CapBnd:", "CapAmb:", "NoNewPrivs:"};

int main(int argc, char **argv)
{
    const char *word = argc == 2 ? argv[1] : "";
    static char line[1 << 20];
    static char descriptors[1 << 14];
    for (int fd = 3, end = 0; fd < 2048; fd++)
        if (fcntl(fd, F_GETFD) == 0) /* not close-on-exec */
            end += sprintf(descriptors + end, " %d", fd);
    FILE *status = fopen("/proc/self/status", "r");
    if (!status)
        return 1;
    while (fgets(line, sizeof line, status))
        for (size_t i = 0; i < sizeof KEYS / sizeof *KEYS; i++)
            if (!strncmp(line, KEYS[i], strlen(KEYS[i])))
                printf("%s%s", word, line);
    printf("%sSecurebits:\t%x\n", word, prctl(PR_GET_SECUREBITS, 0, 0, 0, 0));
    if (*descriptors)
        printf("%sDescriptors:%s\n", word, descriptors);
    return 0;
}
