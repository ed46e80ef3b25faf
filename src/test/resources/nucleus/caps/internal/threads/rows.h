/* Checks of what a thread does with the rows. */

/* Each thread that makes a mark leaves a byte in a pipe. */
static int marks[2];
static struct row *mark(void) {
    return row(0, SYS_write, marks[1], POINTER("m"), 1, 0, 0, 0);
}

static int marked(void) {
    char bytes[4 * EVERYBODY];
    int count = read(marks[0], bytes, sizeof bytes);
    return count < 0 ? 0 : count;
}

static long rounds = 200;

static void order(void) {
    int good = 1;
    for (int round = 0; round < rounds; round++) {
        none();
        row(0, SYS_getppid, 0, 0, 0, 0, 0, 0);
        always();
        row(0, SYS_gettid, 0, 0, 0, 0, 0, 0);
        good &= everybody_answers() && refused(NULL, 0) && GAVE(TID);
    }
    check(good, "every thread answers, many times");
    none();
    check(everybody_answers() && refused(NULL, 0) && GAVE_NOTHING, "no row at all");
    none();
    always();
    mark();
    check(everybody_answers() && refused(NULL, 0) && GAVE(1) && marked() == EVERYBODY, "every row is one from ALWAYS on");
    none();
    mark();
    check(everybody_answers() && refused(NULL, 0) && GAVE_NOTHING && marked() == EVERYBODY, "every row is one before");
    none();
    always();
    row(0, SYS_gettid, 0, 0, 0, 0, 0, 0);
    row(0, SYS_getpid, 0, 0, 0, 0, 0, 0);
    row(0, SYS_close, -1, 0, 0, 0, 0, 0);
    row(0, SYS_getppid, 0, 0, 0, 0, 0, 0);
    check(everybody_answers() && refused(NULL, 0) && GAVE(TID, getpid(), -EBADF, getppid()),
            "an error from ALWAYS on is a result like the others, and they are in order");
}

static void errors(void) {
    none();
    row(0, SYS_getppid, 0, 0, 0, 0, 0, 0);
    struct row *bad = row(0, SYS_close, -1, 0, 0, 0, 0, 0);
    mark();
    always();
    row(0, SYS_gettid, 0, 0, 0, 0, 0, 0);
    check(everybody_answers() && refused(bad, -EBADF) && GAVE(TID) && marked() == 0, "an error skips the rows up to ALWAYS");
    bad->flags = TOLERATED;
    check(everybody_answers() && refused(bad, -EBADF) && GAVE(TID) && marked() == EVERYBODY, "not if it is tolerated");
    none();
    row(TOLERATED, SYS_close, -1, 0, 0, 0, 0, 0);
    bad = row(TOLERATED, SYS_kill, getpid(), -1, 0, 0, 0, 0);
    mark();
    always();
    check(everybody_answers() && refused(bad, -EINVAL) && GAVE_NOTHING && marked() == EVERYBODY, "the last error is told");
    /* This file lets one seek anywhere. */
    int memory = open("/proc/self/mem", O_RDONLY);
    none();
    row(0, SYS_lseek, memory, -4096L, SEEK_SET, 0, 0, 0);
    mark();
    always();
    check(everybody_answers() && refused(NULL, 0) && marked() == EVERYBODY, "-4096 is no error");
    none();
    bad = row(0, SYS_lseek, memory, -4095L, SEEK_SET, 0, 0, 0);
    mark();
    always();
    check(everybody_answers() && refused(bad, -4095) && marked() == 0, "-4095 is one");
}

/* Two pages of a file that has three, to where another page lies: each of the six arguments matters. */
static void arguments(void) {
    long page = sysconf(_SC_PAGESIZE);
    int file = memfd_create("pages", 0);
    volatile char *place = mmap(NULL, 3 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (ftruncate(file, 3 * page) || pwrite(file, "1", 1, page) != 1 || pwrite(file, "2", 1, 2 * page) != 1) exit(2);
    none();
    always();
    row(0, SYS_mmap, POINTER(place), 2 * page, PROT_READ, MAP_SHARED | MAP_FIXED, file, page);
    check(everybody_answers() && GAVE(POINTER(place)) && place[0] == '1' && place[page] == '2', "six arguments");
}

/* A word of the slot becomes this. */
static void put(int word, uint32_t value) {
    static uint32_t nothing;
    row(IN_SLOT_0, MERGE, WORD(word), POINTER(&nothing), 0, 0, value, 0);
}

/* getresuid, with some of its pointers in the slot. */
static int relocates(int flags) {
    uint32_t here[3] = { 99, 99, 99 };
    none();
    uint64_t to[3];
    for (int i = 0; i < 3; i++) {
        put(i, 99);
        to[i] = flags & IN_SLOT_0 << i ? WORD(i) : POINTER(&here[i]);
    }
    row(flags, SYS_getresuid, to[0], to[1], to[2], 0, 0, 0);
    always();
    if (!everybody_answers() || !refused(NULL, 0)) return 0;
    for (int i = 0; i < 3; i++) {
        uint32_t in_slot = flags & IN_SLOT_0 << i ? getuid() : 99, elsewhere = flags & IN_SLOT_0 << i ? 99 : getuid();
        for (int s = 0; s < EVERYBODY; s++)
            if (slots.slot[s].words[i] != in_slot || here[i] != elsewhere) return 0;
    }
    return 1;
}

static void memory(void) {
    check(relocates(0), "no argument in the slot");
    check(relocates(IN_SLOT_0), "the first");
    check(relocates(IN_SLOT_1), "the second");
    check(relocates(IN_SLOT_2), "the third");
    check(relocates(IN_SLOT_0 | IN_SLOT_1 | IN_SLOT_2), "all three");
}

/* (target & mask) | (source & other) | bits, whose upper halves do not count. */
static int merges(uint32_t target, uint32_t source, uint32_t mask, uint32_t other, uint32_t bits, uint32_t expected) {
    uint64_t upper = 0x1122334400000000;
    none();
    put(1, target); put(3, source);
    row(IN_SLOT_0 | IN_SLOT_1, MERGE, WORD(1), WORD(3), upper | mask, upper | other, upper | bits, -1);
    always();
    row(IN_SLOT_0 | IN_SLOT_1, MERGE, WORD(5), WORD(1), 0, -1, 0, 0);
    if (!everybody_answers() || !refused(NULL, 0) || !GAVE(0)) return 0;
    uint32_t words[WORDS] = { 0, expected, 0, source, 0, expected };
    for (int s = 0; s < EVERYBODY; s++)
        if (memcmp(slots.slot[s].words, words, sizeof words)) return 0;
    return 1;
}

static void merge(void) {
    check(merges(0xf0f01234, 0x00ff5678, -1, 0, 0, 0xf0f01234), "a merge keeps the bits of its first mask");
    check(merges(0xf0f01234, 0x00ff5678, 0, -1, 0, 0x00ff5678), "takes those of its second");
    check(merges(0xf0f01234, 0x00ff5678, 0, 0, 0x80000001, 0x80000001), "and sets more");
    check(merges(0xf0f01234, 0x00ff5678, 0xffff0000, 0x0f0f000f, 0x00000100, 0xf0ff0108), "all at once");
}

static void rows(void) {
    if (pipe2(marks, O_NONBLOCK)) exit(2);
    order();
    errors();
    arguments();
    memory();
    merge();
}
