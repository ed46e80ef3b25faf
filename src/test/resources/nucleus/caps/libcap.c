/*
 * Answers for libcap what the tests ask: a line for a line, each argument and each text in hexadecimal, "-" for an empty one.
 *
 *     max               the number of capabilities that this kernel has
 *     iab TEXT OTHER    "refused", or inheritable, ambient and dropped as masks, the text that libcap writes, and whether it reads
 *                       OTHER as the same value: same, different or refused
 *
 * The rest is done in a child that is brought into a state first, so it needs privileges. A STATE is securebits, bounding, permitted,
 * effective, inheritable, ambient and no_new_privs, joined by slashes, and so is the answer, or "refused".
 *
 *     mode STATE        the name of the mode
 *     enter MODE STATE  the state after the mode with that number was entered
 *     apply TEXT STATE  the state after that IAB was applied
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/capability.h>
#include <linux/prctl.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

typedef unsigned long long set;

struct state {
    set securebits, bounding, permitted, effective, inheritable, ambient;
    int no_new_privs;
};

static int digit(char c) {
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

static char *decoded(const char *hex) {
    size_t length = strcmp(hex, "-") ? strlen(hex) / 2 : 0;
    char *text = malloc(length + 1);
    if (!text) abort();
    for (size_t i = 0; i < length; i++) text[i] = (char) (digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
    text[length] = 0;
    return text;
}

static void encode(const char *text) {
    if (!*text) putchar('-');
    for (; *text; text++) printf("%02x", (unsigned char) *text);
}

static unsigned long long vector(cap_iab_t iab, cap_iab_vector_t which) {
    unsigned long long mask = 0;
    for (cap_value_t bit = 0; bit < cap_max_bits(); bit++) {
        mask |= (unsigned long long) cap_iab_get_vector(iab, which, bit) << bit;
    }
    return mask;
}

static void answer_iab(const char *text, const char *other) {
    cap_iab_t iab = cap_iab_from_text(text);
    if (!iab) {
        printf("refused");
        return;
    }
    printf("%llx %llx %llx ", vector(iab, CAP_IAB_INH), vector(iab, CAP_IAB_AMB), vector(iab, CAP_IAB_BOUND));
    char *written = cap_iab_to_text(iab);
    encode(written);
    cap_iab_t again = cap_iab_from_text(other);
    printf(" %s", !again ? "refused" : cap_iab_compare(iab, again) ? "different" : "same");
    if (again) cap_free(again);
    cap_free(written);
    cap_free(iab);
}

static int sets(set permitted, set effective, set inheritable) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2] = {{(__u32) effective, (__u32) permitted, (__u32) inheritable},
            {(__u32) (effective >> 32), (__u32) (permitted >> 32), (__u32) (inheritable >> 32)}};
    return (int) syscall(SYS_capset, &header, data);
}

/* From root to that state; the last step gives up what the others need. */
static int become(const struct state *s) {
    int failed = sets(s->permitted | 1ULL << CAP_SETPCAP, s->permitted | 1ULL << CAP_SETPCAP, s->inheritable);
    for (cap_value_t bit = 0; bit < cap_max_bits(); bit++) {
        if (s->ambient >> bit & 1) failed |= cap_set_ambient(bit, CAP_SET);
        if (!(s->bounding >> bit & 1)) failed |= cap_drop_bound(bit);
    }
    failed |= prctl(PR_SET_SECUREBITS, (unsigned long) s->securebits, 0, 0, 0);
    failed |= sets(s->permitted, s->effective, s->inheritable);
    if (s->no_new_privs) failed |= prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    return failed;
}

static void tell(void) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2];
    set bounding = 0, ambient = 0;
    if (syscall(SYS_capget, &header, data)) abort();
    for (cap_value_t bit = 0; bit < cap_max_bits(); bit++) {
        bounding |= (set) (cap_get_bound(bit) == 1) << bit;
        ambient |= (set) (cap_get_ambient(bit) == 1) << bit;
    }
    printf("%x/%llx/%llx/%llx/%llx/%llx/%d", prctl(PR_GET_SECUREBITS, 0, 0, 0, 0), bounding,
            data[0].permitted | (set) data[1].permitted << 32, data[0].effective | (set) data[1].effective << 32,
            data[0].inheritable | (set) data[1].inheritable << 32, ambient, prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
}

static void answer_as(const char *command, const char *argument, const char *state) {
    struct state s;
    fflush(stdout);
    pid_t child = fork();
    if (child) {
        if (child < 0 || waitpid(child, NULL, 0) < 0) abort();
        return;
    }
    if (sscanf(state, "%llx/%llx/%llx/%llx/%llx/%llx/%d", &s.securebits, &s.bounding, &s.permitted, &s.effective,
            &s.inheritable, &s.ambient, &s.no_new_privs) != 7 || become(&s)) {
        printf("no such state");
    } else if (!strcmp(command, "mode")) {
        printf("%s", cap_mode_name(cap_get_mode()));
    } else {
        char *text = decoded(argument);
        int failed = !strcmp(command, "enter") ? cap_set_mode((cap_mode_t) atoi(argument))
                : cap_iab_set_proc(cap_iab_from_text(text));
        if (failed) printf("refused"); else tell();
    }
    fflush(stdout);
    _exit(0);
}

int main(void) {
    char *line = NULL;
    size_t room = 0;
    while (getline(&line, &room, stdin) > 0) {
        char *command = strtok(line, " \n"), *first = strtok(NULL, " \n"), *second = strtok(NULL, " \n");
        if (command && !strcmp(command, "max")) {
            printf("%d", cap_max_bits());
        } else if (command && first && second && !strcmp(command, "iab")) {
            char *text = decoded(first), *other = decoded(second);
            answer_iab(text, other);
            free(text);
            free(other);
        } else if (command && first && !strcmp(command, "mode")) {
            answer_as(command, "", first);
        } else if (command && first && second && (!strcmp(command, "enter") || !strcmp(command, "apply"))) {
            answer_as(command, first, second);
        } else {
            printf("what?");
        }
        putchar('\n');
    }
    free(line);
    return fflush(stdout) ? 1 : 0;
}
