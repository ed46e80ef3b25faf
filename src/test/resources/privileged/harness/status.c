/*
 * Prints what this process is and holds: the lines of /proc/self/status, and the securebits, which stand in no file.
 * status [WORD]: the word, where it is the only one, is put before each line. A script whose interpreter this is gives more.
 */
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

static const char *const KEYS[] = {"Uid:", "Gid:", "Groups:", "CapInh:", "CapPrm:", "CapEff:", "CapBnd:", "CapAmb:", "NoNewPrivs:"};

int main(int argc, char **argv)
{
    const char *word = argc == 2 ? argv[1] : "";
    static char line[1 << 20];
    FILE *status = fopen("/proc/self/status", "r");
    if (!status)
        return 1;
    while (fgets(line, sizeof line, status))
        for (size_t i = 0; i < sizeof KEYS / sizeof *KEYS; i++)
            if (!strncmp(line, KEYS[i], strlen(KEYS[i])))
                printf("%s%s", word, line);
    printf("%sSecurebits:\t%x\n", word, prctl(PR_GET_SECUREBITS, 0, 0, 0, 0));
    return 0;
}
