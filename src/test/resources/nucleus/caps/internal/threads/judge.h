/* What another process sees of every thread. */

static pid_t judged;

static void check(int holds, const char *what) {
    printf("%s: %s\n", holds ? "ok" : "FAILED", what);
    fflush(stdout);
    if (!holds) { kill(judged, SIGKILL); exit(1); }
}

static char said(int from) {
    char c;
    return read(from, &c, 1) == 1 ? c : 0;
}

static int lines(const char *status, int count, const char *const *lines) {
    for (int i = 0; i < count; i++)
        if (!strstr(status, lines[i])) return 0;
    return 1;
}
#define LINES(status, ...) \
    lines(status, sizeof (const char *[]) { __VA_ARGS__ } / sizeof (char *), (const char *[]) { __VA_ARGS__ })
#define EMPTY ":\t0000000000000000\n"

/* Nothing is as unprivileged() wants it. */
static int privileged(const char *status) {
    return LINES(status, "\nUid:\t0\t0\t0\t0\n", "\nGid:\t0\t0\t0\t0\n", "\nGroups:\t7 \n", "\nNoNewPrivs:\t0\n")
            && !strstr(status, "\nCapInh" EMPTY) && !strstr(status, "\nCapPrm" EMPTY) && !strstr(status, "\nCapEff" EMPTY)
            && !strstr(status, "\nCapBnd" EMPTY) && !strstr(status, "\nCapAmb" EMPTY);
}

static int unprivileged(const char *status) {
    return LINES(status, "\nUid:\t65534\t65534\t65534\t65534\n", "\nGid:\t65534\t65534\t65534\t65534\n", "\nGroups:\t \n",
            "\nCapInh" EMPTY, "\nCapPrm" EMPTY, "\nCapEff" EMPTY, "\nCapBnd" EMPTY, "\nCapAmb" EMPTY, "\nNoNewPrivs:\t1\n");
}

/* Every thread that lives is so; there are at least as many as these. One may end before its file is read. */
static int all(int least, int (*so)(const char *)) {
    char path[64], text[8192];
    int found = 0;
    snprintf(path, sizeof path, "/proc/%d/task", judged);
    DIR *directory = opendir(path);
    for (struct dirent *entry; directory && (entry = readdir(directory)); ) {
        if (*entry->d_name == '.') continue;
        snprintf(path, sizeof path, "/proc/%d/task/%.20s/status", judged, entry->d_name);
        FILE *file = fopen(path, "r");
        if (!file) continue;
        size_t size = fread(text, 1, sizeof text - 1, file);
        text[size] = 0;
        fclose(file);
        if (!size || strstr(text, "\nState:\tZ") || strstr(text, "\nState:\tX")) continue;
        if (!so(text)) { printf("%s", text); return 0; }
        found++;
    }
    if (directory) closedir(directory);
    return found >= least;
}
