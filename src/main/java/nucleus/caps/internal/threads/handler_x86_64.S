# The code that every thread runs when the signal reaches it; Handler.java holds its bytes, HandlerBytesTest assembles this
# file and compares. The text is one page, read and execute; 64 KiB further on lie two words that can be written.
#
# A signal handler must not touch errno or anything else that the interrupted code may rely on. This one uses no stack, calls
# no function, and changes registers freely: the kernel saved all of them, vector state included, and sigreturn restores them.

    .intel_syntax noprefix
    .text

    # struct siginfo
    .set SI_CODE,    8
    .set SI_PID,    16
    .set SI_VALUE,  24
    .set SI_QUEUE,  -1

    # the control block (ControlBlock.java)
    .set CLAIMED,    0              # u32: slots handed out
    .set OVERFLOW,   4              # u32: threads that found no slot left
    .set CAPACITY,   8              # u64: how many slots there are
    .set CALLS,     16              # u64: how many calls the program has
    .set SLOTS,     24              # u64: address of the slots: u32 tid, u32 executed, s64 result
    .set PID,       32              # u32: this process
    .set PROGRAM,   64              # seven u64 for each call: number and arguments

    .set NR_gettid, 186
    .set NR_rt_sigreturn, 15
    .set MAX_ERRNO, 4095

    .set current,  handler + 0x10000    # u64: the control block of the round under way, or 0
    .set previous, current + 8          # u64: the handler that was there before, or 0

# handler(int signal, siginfo_t *info, void *context)
handler:
    endbr64
    # Ours only if queued by this process for the round under way. Anything else is somebody else's, or too late.
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

    # A system call leaves all registers as they are but rax, rcx and r11.
    mov  rbx, rax                       # rbx: control block
    mov  eax, NR_gettid
    syscall
    mov  r12d, eax                      # r12: tid
    mov  r13, [rbx + CALLS]             # r13: calls in the program
    lea  r14, [rbx + PROGRAM]           # r14: next call
    xor  r15d, r15d                     # r15: calls that succeeded
    xor  eax, eax                       # the result of an empty program

step:
    cmp  r15, r13
    jae  answer
    mov  rax, [r14]
    mov  rdi, [r14 + 8]
    mov  rsi, [r14 + 16]
    mov  rdx, [r14 + 24]
    mov  r10, [r14 + 32]
    mov  r8,  [r14 + 40]
    mov  r9,  [r14 + 48]
    syscall
    cmp  rax, -MAX_ERRNO
    jae  answer                         # an error ends the program
    inc  r15
    add  r14, 56
    jmp  step

answer:
    mov  ecx, 1
    lock xadd dword ptr [rbx + CLAIMED], ecx
    cmp  rcx, [rbx + CAPACITY]
    jae  overflow
    shl  rcx, 4
    add  rcx, [rbx + SLOTS]
    mov  [rcx + 8], rax
    mov  [rcx + 4], r15d
    mov  [rcx], r12d                    # the tid last: who reads it, reads the rest
    ret

overflow:
    lock inc dword ptr [rbx + OVERFLOW]
    ret

# The arguments of the handler are still where they came: rdi, rsi, rdx.
chain:
    mov  rax, [rip + previous]
    test rax, rax
    jz   1f
    jmp  rax
1:  ret

# Where a handler returns to. The same bytes as in the C library: debuggers and unwinders know a signal frame by them.
    .balign 16
restorer:
    mov  rax, NR_rt_sigreturn
    syscall
end:
