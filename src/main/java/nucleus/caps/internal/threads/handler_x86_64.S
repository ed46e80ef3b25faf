# The code that every thread runs when the signal reaches it. Handler.java holds its bytes; HandlerBytesTest assembles this
# file and compares. The text is one page that can be read and executed. Two words that can be written lie 64 KiB further on.
#
# A signal handler must not touch errno or anything else that the interrupted code may rely on. This one uses no stack and
# calls no function. It changes registers freely: the kernel has saved all of them, vector state included, and sigreturn
# restores them.

    .intel_syntax noprefix
    .text

    # struct siginfo
    .set SI_ERRNO,   4
    .set SI_CODE,    8
    .set SI_PID,    16
    .set SI_VALUE,  24
    .set SI_QUEUE,  -1

    # the block
    .set ALWAYS,     0              # u64: address of the first row that is run whatever happened before
    .set END,        8              # u64: address behind the last row
    .set SLOTS,     16              # u64: address of the slots region
    .set CAPACITY,  24              # u64: how many slots there are
    .set STRIDE,    32              # u64: bytes of a slot
    .set PID,       40              # u32: this process
    .set ROWS,      64

    # a row
    .set NUMBER,     0              # u64: of the system call; a negative one means MERGE
    .set ARGUMENT,   8              # six u64
    .set FLAGS,     56              # u64
    .set ROW,       64              # bytes of a row
    .set IN_SLOT_0,  1              # flag: argument 0 is an offset into the slot of the thread
    .set IN_SLOT_1,  2              # flag: argument 1 is one
    .set IN_SLOT_2,  4              # flag: argument 2 is one
    .set TOLERATED,  8              # flag: an error does not skip the rows up to ALWAYS

    # the slots region
    .set CLAIMED,    0              # u32: slots handed out
    .set OVERFLOW,   4              # u32: threads that found no slot left
    .set FIRST,     64              # the first slot

    # a slot; all of it is zero when a round begins
    .set TID,        0              # u32: written last
    .set ASK,        4              # u32: si_errno of the signal
    .set REFUSED,    8              # u64: address of the last row before ALWAYS that gave an error
    .set ERROR,     16              # s64: what that row gave
    .set RESULTS,   24              # s64 for each row from ALWAYS on; memory for pointers lies behind them

    .set NR_gettid, 186
    .set NR_rt_sigreturn, 15
    .set MAX_ERRNO, 4095

    .set current,  handler + 0x10000    # u64: the block of the round under way, or 0
    .set previous, current + 8          # u64: the handler that was there before, or 0

# handler(int signal, siginfo_t *info, void *context)
handler:
    endbr64
    # The signal is ours only if this process queued it for the round under way. Any other is late, or of somebody else.
    mov  rax, [rip + current]
    test rax, rax
    jz   chain
    cmp  dword ptr [rsi + SI_CODE], SI_QUEUE
    jne  chain
    cmp  [rsi + SI_VALUE], rax
    jne  chain
    mov  ecx, [rax + PID]
    cmp  [rsi + SI_PID], ecx
    jne  chain

    # A thread that finds no slot makes no call: nobody could read what it did.
    mov  rbx, rax                       # rbx: block
    mov  r15, [rbx + SLOTS]
    mov  r13d, 1
    lock xadd dword ptr [r15 + CLAIMED], r13d
    cmp  r13, [rbx + CAPACITY]
    jae  overflow
    imul r13, [rbx + STRIDE]
    lea  r13, [r15 + r13 + FIRST]       # r13: slot
    mov  eax, [rsi + SI_ERRNO]
    mov  [r13 + ASK], eax

    # A system call leaves all registers as they are but rax, rcx and r11.
    mov  eax, NR_gettid
    syscall
    mov  r12d, eax                      # r12: tid
    lea  r14, [rbx + ROWS]              # r14: row
    lea  r15, [r13 + RESULTS]           # r15: where the next result goes

row:
    cmp  r14, [rbx + END]
    jae  answer
    mov  rax, [r14 + NUMBER]
    mov  rdi, [r14 + ARGUMENT]
    mov  rsi, [r14 + ARGUMENT + 8]
    mov  rdx, [r14 + ARGUMENT + 16]
    mov  r10, [r14 + ARGUMENT + 24]
    mov  r8,  [r14 + ARGUMENT + 32]
    mov  r9,  [r14 + ARGUMENT + 40]
    mov  ecx, [r14 + FLAGS]
    test cl, IN_SLOT_0
    jz   1f
    add  rdi, r13
1:  test cl, IN_SLOT_1
    jz   2f
    add  rsi, r13
2:  test cl, IN_SLOT_2
    jz   3f
    add  rdx, r13
3:  test rax, rax
    js   merge
    syscall

result:
    cmp  r14, [rbx + ALWAYS]
    jb   change
    mov  [r15], rax
    add  r15, 8

next:
    add  r14, ROW
    jmp  row

# The row is one before ALWAYS. Its result is of interest only if it is an error.
change:
    cmp  rax, -MAX_ERRNO
    jb   next
    mov  [r13 + REFUSED], r14
    mov  [r13 + ERROR], rax
    test byte ptr [r14 + FLAGS], TOLERATED
    jnz  next
    mov  r14, [rbx + ALWAYS]
    jmp  row

# MERGE is u32: *arg0 = (*arg0 & arg2) | (*arg1 & arg3) | arg4.
merge:
    and  edx, [rdi]
    and  r10d, [rsi]
    or   edx, r10d
    or   edx, r8d
    mov  [rdi], edx
    xor  eax, eax
    jmp  result

answer:
    mov  [r13 + TID], r12d              # the tid comes last: who reads it, reads the rest
    ret

overflow:
    lock inc dword ptr [r15 + OVERFLOW]
    ret

# The arguments of the handler are still where they came: rdi, rsi, rdx.
chain:
    mov  rax, [rip + previous]
    test rax, rax
    jz   1f
    jmp  rax
1:  ret

# A handler returns to here. The bytes are the same as in the C library: debuggers and unwinders know a signal frame by them.
    .balign 16
restorer:
    mov  rax, NR_rt_sigreturn
    syscall
end:
