// The code that every thread runs when the signal reaches it; Handler.java holds its bytes, HandlerBytesTest assembles this
// file and compares. The text is one page, read and execute; 64 KiB further on (the largest page there is) lie two words that
// can be written. handler_x86_64.S is the same, and says more.
//
// There is no restorer: without SA_RESTORER the kernel lets a handler return through the vDSO. The kernel makes the caches
// agree when a page becomes executable for the first time, and this one does so once.

    .text

    // struct siginfo
    .set SI_CODE,    8
    .set SI_PID,    16
    .set SI_VALUE,  24

    // the control block (ControlBlock.java)
    .set CLAIMED,    0              // u32: slots handed out
    .set OVERFLOW,   4              // u32: threads that found no slot left
    .set CAPACITY,   8              // u64: how many slots there are
    .set CALLS,     16              // u64: how many calls the program has
    .set SLOTS,     24              // u64: address of the slots: u32 tid, u32 executed, s64 result
    .set PID,       32              // u32: this process
    .set PROGRAM,   64              // seven u64 for each call: number and arguments

    .set NR_gettid, 178

    .set current,  handler + 0x10000    // u64: the control block of the round under way, or 0
    .set PREVIOUS, 8                    // behind it, u64: the handler that was there before, or 0

// handler(int signal, siginfo_t *info, void *context)
handler:
    hint #34                            // bti c
    // Ours only if queued by this process for the round under way. Anything else is somebody else's, or too late.
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

    // A system call leaves all registers as they are but x0.
    mov  x19, x10                       // x19: control block
    mov  x8, #NR_gettid
    svc  #0
    mov  w20, w0                        // w20: tid
    ldr  x21, [x19, #CALLS]             // x21: calls in the program
    add  x22, x19, #PROGRAM             // x22: next call
    mov  x23, #0                        // x23: calls that succeeded
    mov  x0, #0                         // the result of an empty program

step:
    cmp  x23, x21
    b.hs answer
    ldp  x8, x0, [x22]
    ldp  x1, x2, [x22, #16]
    ldp  x3, x4, [x22, #32]
    ldr  x5, [x22, #48]
    svc  #0
    cmn  x0, #1, lsl #12                // -4095 to -1, unsigned
    b.hi answer                         // an error ends the program
    add  x23, x23, #1
    add  x22, x22, #56
    b    step

answer:
    ldaxr w10, [x19]                    // claimed is the first word
    add  w11, w10, #1
    stlxr w12, w11, [x19]
    cbnz w12, answer
    ldr  x11, [x19, #CAPACITY]
    cmp  x10, x11
    b.hs overflow
    ldr  x11, [x19, #SLOTS]
    add  x11, x11, x10, lsl #4
    str  x0, [x11, #8]
    str  w23, [x11, #4]
    stlr w20, [x11]                     // the tid last, and released: who reads it, reads the rest
    ret

overflow:
    add  x13, x19, #OVERFLOW
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
