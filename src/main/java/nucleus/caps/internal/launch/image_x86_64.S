# What a launched child runs before its program: a list of system calls. Image.java holds the bytes, ImageBytesTest
# assembles this file and compares. Elf.java puts it into an ELF file, with the list behind it.
#
# It has no memory of its own but 16 bytes of stack, calls no library, and ends at the first call that does not give
# exactly what is wanted of it.

    .intel_syntax noprefix
    .text
    .globl _start

    # an entry of the list (Elf.java): nine u64
    .set NUMBER,   0                # number of the call, then its six arguments; or what stands for no call:
    .set WANTED,  56                # what it is to give
    .set PASSED,  64                # bits: the errnos, below 64, after which the next entry is tried
    .set ENTRY,   72
    .set REPORT,  -1                # say that all is done so far, and wait for leave to go on
    .set END,     -2                # nothing was left to try

    # the descriptors that the list opens
    .set UP,       3                # to the parent: reports of u64 index, s64 result
    .set DOWN,     4                # from the parent: one byte, or the end where it does not agree

    .set NR_read,     0
    .set NR_write,    1
    .set NR_execve,  59
    .set NR_exit,    60
    .set FAILED,    125

_start:
    mov  r13, rsp                   # r13: argc, argv, 0, envp, 0
    sub  rsp, 16
    mov  r14, rsp                   # r14: the report
    lea  rbx, [rip + list]          # rbx: entry
    xor  r12d, r12d                 # r12: its index

entry:
    mov  rax, [rbx + NUMBER]
    cmp  rax, REPORT
    je   report
    cmp  rax, END
    je   failed
    mov  rdi, [rbx + 8]
    mov  rsi, [rbx + 16]
    mov  rdx, [rbx + 24]
    mov  r10, [rbx + 32]
    mov  r8,  [rbx + 40]
    mov  r9,  [rbx + 48]
    cmp  eax, NR_execve
    jne  1f
    mov  rcx, [r13]
    lea  rsi, [r13 + 16]            # its arguments follow the name of this image
    lea  rdx, [r13 + rcx * 8 + 16]
1:  syscall
    cmp  rax, [rbx + WANTED]
    je   next
    mov  rbp, rax
    call tell
    neg  rbp
    cmp  rbp, 63
    ja   failed
    mov  rax, [rbx + PASSED]
    bt   rax, rbp
    jnc  failed

next:
    inc  r12
    add  rbx, ENTRY
    jmp  entry

report:
    xor  ebp, ebp
    call tell
    mov  eax, NR_read
    mov  edi, DOWN
    mov  rsi, r14
    mov  edx, 1
    syscall
    cmp  rax, 1
    je   next

failed:
    mov  eax, NR_exit
    mov  edi, FAILED
    syscall

tell:                               # index and rbp; whether anybody hears it does not matter here
    mov  [r14], r12
    mov  [r14 + 8], rbp
    mov  eax, NR_write
    mov  edi, UP
    mov  rsi, r14
    mov  edx, 16
    syscall
    ret

    .balign 8
list:
