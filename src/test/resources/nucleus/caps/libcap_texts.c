/*
 * What libcap makes of texts and masks, for a test to compare with. Usage: KNOWN=number libcap <input >output
 *
 * KNOWN is the number of capabilities that the kernel is to be taken for knowing, or 0 for those that it does know.
 * Input, in the order of bytes of this machine: a record of 32 bits that say how long it is, then a text; or -1, then
 * the masks of e, p and i. Output, a record each: 1 or 0, whether it was taken; then the three masks, the length of
 * libcap's text for them as 32 bits, and that text.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const cap_flag_t FLAGS[] = { CAP_EFFECTIVE, CAP_PERMITTED, CAP_INHERITABLE };
static unsigned long known;

static unsigned long argument(void)
{
    const char *text = getenv("KNOWN");

    return text ? strtoul(text, NULL, 10) : 0;
}

/* libcap asks through this one how many there are, even before main. */
int prctl(int option, ...)
{
    unsigned long a[4];
    va_list list;

    va_start(list, option);
    for (int i = 0; i < 4; i++)
        a[i] = va_arg(list, unsigned long);
    va_end(list);
    if (!known)
        known = argument();
    if (known && option == PR_CAPBSET_READ) {
        errno = EINVAL;
        return a[0] < known ? 1 : -1;
    }
    return (int) syscall(SYS_prctl, option, a[0], a[1], a[2], a[3]);
}

static void must(int well, const char *what)
{
    if (!well) {
        perror(what);
        exit(1);
    }
}

static void get(void *to, size_t length)
{
    must(fread(to, 1, length, stdin) == length, "a record is not whole");
}

static void put(const void *from, size_t length)
{
    must(fwrite(from, 1, length, stdout) == length, "the output is not taken");
}

static cap_t of_masks(void)
{
    cap_t state = cap_init();

    must(state != NULL, "cap_init");
    for (int f = 0; f < 3; f++) {
        uint64_t mask;

        get(&mask, sizeof mask);
        for (cap_value_t n = 0; n < 64; n++)
            if (mask >> n & 1)
                must(cap_set_flag(state, FLAGS[f], 1, &n, CAP_SET) == 0, "cap_set_flag");
    }
    return state;
}

static cap_t of_text(int32_t length)
{
    char *text = malloc((size_t) length + 1);
    cap_t state;

    must(text != NULL, "malloc");
    get(text, (size_t) length);
    text[length] = '\0';
    state = cap_from_text(text);
    free(text);
    return state;
}

static void tell(cap_t state)
{
    ssize_t length;
    char *text = cap_to_text(state, &length);
    int32_t bytes;

    must(text != NULL, "cap_to_text");
    for (int f = 0; f < 3; f++) {
        uint64_t mask = 0;

        for (cap_value_t n = 0; n < 64; n++) {
            cap_flag_value_t set;

            must(cap_get_flag(state, n, FLAGS[f], &set) == 0, "cap_get_flag");
            mask |= (uint64_t) (set == CAP_SET) << n;
        }
        put(&mask, sizeof mask);
    }
    bytes = (int32_t) strlen(text);
    put(&bytes, sizeof bytes);
    put(text, (size_t) bytes);
    cap_free(text);
}

int main(void)
{
    int32_t length;

    while (fread(&length, sizeof length, 1, stdin) == 1) {
        cap_t state = length < 0 ? of_masks() : of_text(length);
        unsigned char taken = state != NULL;

        put(&taken, 1);
        if (taken) {
            tell(state);
            cap_free(state);
        }
    }
    must(fflush(stdout) == 0, "the output is not taken");
    return 0;
}
