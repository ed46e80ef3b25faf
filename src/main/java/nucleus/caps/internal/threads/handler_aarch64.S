// The code that every thread runs when the signal reaches it. Handler.java holds its bytes; HandlerBytesTest assembles this
// file and compares. The text is one page that can be read and executed. Two words that can be written lie 64 KiB further on,
// which is the largest page there is. handler_x86_64.S is the same, and says more.
//
// There is no restorer: without SA_RESTORER the kernel lets a handler return through the vDSO. The kernel makes the caches
// agree when a page becomes executable for the first time, and this one does so once.

    .text

    // struct siginfo
    .set SI_ERRNO,   4
    .set SI_CODE,    8
    .set SI_PID,    16
    .set SI_VALUE,  24

    // the block
    .set ALWAYS,     0              // u64: address of the first row that is run whatever happened before
    .set END,        8              // u64: address behind the last row
    .set SLOTS,     16              // u64: address of the slots region
    .set CAPACITY,  24              // u64: how many slots there are
    .set STRIDE,    32              // u64: bytes of a slot
    .set PID,       40              // u32: this process
    .set ROWS,      64

    // a row
    .set NUMBER,     0              // u64: of the system call, with argument 0 behind it; a negative one means MERGE
    .set ARGUMENT_1, 16             // u64, with argument 2 behind it
    .set ARGUMENT_3, 32             // u64, with argument 4 behind it
    .set ARGUMENT_5, 48             // u64, with the flags behind it
    .set FLAGS,     56              // u64
    .set ROW,       64              // bytes of a row
    .set IN_SLOT_0,  0              // bit of the flags: argument 0 is an offset into the slot of the thread
    .set IN_SLOT_1,  1              // bit: argument 1 is one
    .set IN_SLOT_2,  2              // bit: argument 2 is one
    .set TOLERATED,  3              // bit: an error does not skip the rows up to ALWAYS

    // the slots region: u32 claimed, u32 overflow
    .set OVERFLOW,   4              // u32: threads that found no slot left
    .set FIRST,     64              // the first slot

    // a slot; all of it is zero when a round begins: u32 tid, and then
    .set ASK,        4              // u32: si_errno of the signal
    .set REFUSED,    8              // u64: address of the last row before ALWAYS that gave an error
    .set ERROR,     16              // s64: what that row gave
    .set RESULTS,   24              // s64 for each row from ALWAYS on; memory for pointers lies behind them

    .set NR_gettid, 178

    .set current,  handler + 0x10000    // u64: the block of the round under way, or 0
    .set PREVIOUS, 8                    // behind it, u64: the handler that was there before, or 0

// handler(int signal, siginfo_t *info, void *context)
handler:
    hint #34                            // bti c
    // The signal is ours only if this process queued it for the round under way. Any other is late, or of somebody else.
    adr  x9, current
    ldr  x10, [x9]
    cbz  x10, chain
    ldr  w11, [x1, #SI_CODE]
    cmn  w11, #1                        // SI_QUEUE is -1
    b.ne chain
    ldr  x11, [x1, #SI_VALUE]
    cmp  x11, x10
    b.ne chain
    ldr  w11, [x1, #SI_PID]
    ldr  w12, [x10, #PID]
    cmp  w11, w12
    b.ne chain

    // A thread that finds no slot makes no call: nobody could read what it did.
    mov  x19, x10                       // x19: block
    ldr  x20, [x19, #SLOTS]             // x20: slots region, whose first word is claimed
1:  ldaxr w21, [x20]
    add  w11, w21, #1
    stlxr w12, w11, [x20]
    cbnz w12, 1b
    ldr  x11, [x19, #CAPACITY]
    cmp  x21, x11
    b.hs overflow
    ldr  x11, [x19, #STRIDE]
    madd x21, x21, x11, x20
    add  x21, x21, #FIRST               // x21: slot
    ldr  w11, [x1, #SI_ERRNO]
    str  w11, [x21, #ASK]

    // A system call leaves all registers as they are but x0.
    mov  x8, #NR_gettid
    svc  #0
    mov  w22, w0                        // w22: tid
    add  x23, x19, #ROWS                // x23: row
    add  x24, x21, #RESULTS             // x24: where the next result goes

row:
    ldr  x11, [x19, #END]
    cmp  x23, x11
    b.hs answer
    ldp  x8, x0, [x23, #NUMBER]
    ldp  x1, x2, [x23, #ARGUMENT_1]
    ldp  x3, x4, [x23, #ARGUMENT_3]
    ldp  x5, x9, [x23, #ARGUMENT_5]
    tbz  x9, #IN_SLOT_0, 1f
    add  x0, x0, x21
1:  tbz  x9, #IN_SLOT_1, 2f
    add  x1, x1, x21
2:  tbz  x9, #IN_SLOT_2, 3f
    add  x2, x2, x21
3:  tbnz x8, #63, merge
    svc  #0

result:
    ldr  x11, [x19, #ALWAYS]
    cmp  x23, x11
    b.lo change
    str  x0, [x24], #8

next:
    add  x23, x23, #ROW
    b    row

// The row is one before ALWAYS. Its result is of interest only if it is an error.
change:
    cmn  x0, #1, lsl #12                // -4095 to -1, unsigned
    b.ls next
    str  x23, [x21, #REFUSED]
    str  x0, [x21, #ERROR]
    tbnz x9, #TOLERATED, next
    ldr  x23, [x19, #ALWAYS]
    b    row

// MERGE is u32: *arg0 = (*arg0 & arg2) | (*arg1 & arg3) | arg4.
merge:
    ldr  w11, [x0]
    and  w11, w11, w2
    ldr  w12, [x1]
    and  w12, w12, w3
    orr  w11, w11, w12
    orr  w11, w11, w4
    str  w11, [x0]
    mov  x0, #0
    b    result

answer:
    stlr w22, [x21]                     // the tid comes last, and released: who reads it, reads the rest
    ret

overflow:
    add  x13, x20, #OVERFLOW
1:  ldaxr w10, [x13]
    add  w10, w10, #1
    stlxr w12, w10, [x13]
    cbnz w12, 1b
    ret

// The arguments of the handler are still where they came: x0, x1, x2.
chain:
    ldr  x16, [x9, #PREVIOUS]
    cbz  x16, 2f
    br   x16                            // through x16 it may land where a call may
2:  ret
end:
