# What a launched child runs before its program: a list of system calls. Image.java holds the bytes, ImageBytesTest
# assembles this file and compares. Elf.java puts it into an ELF file, with the list behind it.
#
# It uses 16 bytes of stack and the memory that the list points to. It calls no library. It ends at the first call whose
# result is not the wanted one, unless the list says otherwise, and when it cannot write a report.

    .intel_syntax noprefix
    .text
    .globl _start

    # an entry of the list (Elf.java): nine u64
    .set NUMBER,   0                # number of the call, then its six arguments; or what stands for no call:
    .set WANTED,  56                # what it is to give
    .set PASSED,  64                # bits: the errnos, below 64, after which the next entry is tried;
                                    # bit 0: the result is an answer, it is reported, and any will do
    .set ENTRY,   72
    .set REPORT,  -1                # say that all is done so far, and wait for leave to go on
    .set END,     -2                # nothing was left to try

    # what follows the code: two u64, the descriptors that the list opens, and then the list
    .set UP,       0                # to the parent: reports of u64 index, s64 result
    .set DOWN,     8                # from the parent: one byte, or the end where it does not agree
    .set LIST,    16

    .set NR_read,     0
    .set NR_write,    1
    .set NR_execve,  59
    .set NR_exit,    60
    .set FAILED,    125
    .set ENOEXEC,     8

_start:
    mov  r13, rsp                   # r13: argc, argv, 0, envp, 0
    sub  rsp, 16
    mov  r14, rsp                   # r14: the report
    lea  rbx, [rip + data + LIST]   # rbx: entry
    xor  r12d, r12d                 # r12: its index

entry:
    mov  rax, [rbx + NUMBER]
    cmp  rax, REPORT
    je   report
    cmp  rax, END
    je   nothing
    mov  rdi, [rbx + 8]
    mov  rsi, [rbx + 16]
    mov  rdx, [rbx + 24]
    mov  r10, [rbx + 32]
    mov  r8,  [rbx + 40]
    mov  r9,  [rbx + 48]
    cmp  eax, NR_execve
    jne  1f
    mov  rcx, [r13]
    lea  rdx, [r13 + rcx * 8 + 16]
    test rsi, rsi
    jz   2f
    cmp  rbp, ENOEXEC               # a script for the shell, if the kernel has said that it is no program
    jne  next
    mov  [r13 + 8], rdi             # the shell and the script take the place of two names: of this image, and the script's
    mov  [r13 + 16], rsi
    lea  rsi, [r13 + 8]
    jmp  1f
2:  lea  rsi, [r13 + 16]            # its arguments follow the name of this image
1:  syscall
    cmp  rax, [rbx + WANTED]
    je   next
    mov  rbp, rax
    call tell
    mov  rax, [rbx + PASSED]
    test al, 1
    jnz  next
    neg  rbp                        # rbp: the errno of the last call that did not succeed
    cmp  rbp, 63
    ja   failed
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
    mov  edi, [rip + data + DOWN]
    mov  rsi, r14
    mov  edx, 1
    syscall
    cmp  rax, 1
    je   next

nothing:
    xor  ebp, ebp
    call tell

failed:
    mov  eax, NR_exit
    mov  edi, FAILED
    syscall

tell:                               # index and rbp
    mov  [r14], r12
    mov  [r14 + 8], rbp
    mov  eax, NR_write
    mov  edi, [rip + data + UP]
    mov  rsi, r14
    mov  edx, 16
    syscall
    cmp  rax, 16
    jne  failed
    ret

    .balign 8
data:
