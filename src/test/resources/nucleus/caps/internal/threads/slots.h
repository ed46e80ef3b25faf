/* Checks of how threads take and answer slots. */

/* A thread may be created after the listing that was to name it, or end before it is asked. */
enum { CREATORS = 4, CREATED = 60 };
static int creating;
static void *brief(void *unused) {
    usleep(300);
    return unused;
}

static void *creator(void *unused) {
    for (int i = 0; i < CREATED; i++) {
        pthread_t thread;
        if (!pthread_create(&thread, NULL, brief, NULL)) { if (i % 2) pthread_detach(thread); else pthread_join(thread, NULL); }
    }
    __atomic_fetch_sub(&creating, 1, __ATOMIC_ACQ_REL);
    return unused;
}

static void overflow(void) {
    none();
    mark();
    for (block.capacity = 0; block.capacity < 6; block.capacity += 5)
        check(everybody_answers() && slots.overflow == EVERYBODY - block.capacity && marked() == (int) block.capacity
                && !slots.slot[block.capacity].results[0], block.capacity ? "more threads than slots" : "no slot at all");
    block.capacity = SLOTS;
}

static void questions(void) {
    int good = everybody_answers();
    for (int i = 0; i < EVERYBODY; i++) {
        struct slot *slot = slot_of(tids[i]);
        good &= slot && slot->ask == i + 1;
    }
    check(good, "each slot has what its thread was asked");
}

/* The other threads are held in a row: their slots are claimed, earlier results are there, and no tid is. */
static void last(void) {
    int gate[2];
    if (pipe(gate)) exit(2);
    none();
    struct row *bad = row(TOLERATED, SYS_close, -1, 0, 0, 0, 0, 0);
    always();
    row(0, SYS_getpid, 0, 0, 0, 0, 0, 0);
    row(IN_SLOT_1, SYS_read, gate[0], WORD(0), 1, 0, 0, 0);
    begin();
    for (int i = 1; i < EVERYBODY; i++) ask(tids[i], 5);
    int held = 0;
    for (long began = 0; held < THREADS && patient(&began); )
        for (held = 0; held < THREADS && __atomic_load_n(&slots.slot[held].results[0], __ATOMIC_ACQUIRE) == getpid(); held++) { }
    int good = held == THREADS && slots.claimed == THREADS;
    for (int s = 0; s < held; s++)
        good &= !slots.slot[s].tid && slots.slot[s].ask == 5 && slots.slot[s].refused == bad && slots.slot[s].error == -EBADF
                && !slots.slot[s].results[1];
    for (int i = 0; i < THREADS; i++) if (write(gate[1], "g", 1) != 1) exit(2);
    good &= answered_by(THREADS);
    for (int i = 1; i < EVERYBODY; i++) {
        struct slot *slot = slot_of(tids[i]);
        good &= slot && slot->results[1] == 1 && slot->words[0] == 'g';
    }
    check(good, "the tid comes when everything else is there");
}

/* How many threads there are; each of them that was not asked yet is asked, if it shall be. */
static int listed(char *asked, int *count) {
    int found = 0;
    DIR *directory = opendir("/proc/self/task");
    for (struct dirent *entry; directory && (entry = readdir(directory)); ) {
        int tid = atoi(entry->d_name);
        if (tid <= 0) continue;
        found++;
        if (!asked || asked[tid >> 3] & 1 << (tid & 7)) continue;
        asked[tid >> 3] |= 1 << (tid & 7);
        if (!ask(tid, 1)) ++*count;
    }
    closedir(directory);
    return found;
}

/* Listings are taken and asked while threads are created and end. Nobody is asked twice. */
static void meanwhile(void) {
    pthread_t creators[CREATORS];
    static char asked[1 << 22 >> 3];
    int before = listed(NULL, NULL);
    none();
    row(0, SYS_getppid, 0, 0, 0, 0, 0, 0);
    always();
    row(0, SYS_gettid, 0, 0, 0, 0, 0, 0);
    begin();
    creating = CREATORS;
    for (int i = 0; i < CREATORS; i++) pthread_create(&creators[i], NULL, creator, NULL);
    int count = 0;
    for (int more = 1; more; ) {
        more = __atomic_load_n(&creating, __ATOMIC_ACQUIRE);
        listed(asked, &count);
    }
    for (int i = 0; i < CREATORS; i++) pthread_join(creators[i], NULL);
    for (long began = 0; listed(NULL, NULL) > before && patient(&began); ) { }
    for (int i = 0; i < EVERYBODY; i++)
        for (long began = 0; !slot_of(tids[i]) && patient(&began); ) { }
    int good = 1;
    for (int s = 0; s < answers(); s++)
        good &= slots.slot[s].results[0] == slots.slot[s].tid && !slots.slot[s].refused;
    for (int i = 0; i < EVERYBODY; i++) good &= slot_of(tids[i]) != NULL;
    check(good && count >= EVERYBODY && answers() <= count && !slots.overflow, "threads are created and end meanwhile");
}

static void claims(void) {
    questions();
    overflow();
    last();
    meanwhile();
}
