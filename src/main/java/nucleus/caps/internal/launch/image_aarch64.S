// What a launched child runs before its program, as image_x86_64.S explains it.

    .text
    .globl _start

    // an entry of the list (Elf.java): nine u64
    .set NUMBER,   0
    .set WANTED,  56
    .set PASSED,  64
    .set ENTRY,   72
    .set REPORT,   1                // negated
    .set END,      2                // negated

    // what follows the code
    .set UP,       0
    .set DOWN,     8
    .set LIST,    16

    .set NR_read,    63
    .set NR_write,   64
    .set NR_exit,    93
    .set NR_execve, 221
    .set FAILED,    125
    .set ENOEXEC,     8

_start:
    mov  x20, sp                    // x20: argc, argv, 0, envp, 0
    sub  sp, sp, 16
    adr  x21, data + LIST           // x21: entry
    mov  x22, xzr                   // x22: its index

entry:
    ldr  x8, [x21, NUMBER]
    cmn  x8, REPORT
    b.eq report
    cmn  x8, END
    b.eq nothing
    ldp  x0, x1, [x21, 8]
    ldp  x2, x3, [x21, 24]
    ldp  x4, x5, [x21, 40]
    cmp  x8, NR_execve
    b.ne 1f
    ldr  x9, [x20]
    add  x10, x20, 16
    add  x2, x10, x9, lsl 3
    cbz  x1, 2f
    cmp  x23, ENOEXEC               // a script for the shell, if the kernel has said that it is no program
    b.ne next
    stp  x0, x1, [x20, 8]           // the shell and the script take the place of two names: of this image, and the script's
    add  x1, x20, 8
    b    1f
2:  mov  x1, x10                    // its arguments follow the name of this image
1:  svc  0
    ldr  x10, [x21, WANTED]
    cmp  x0, x10
    b.eq next
    mov  x23, x0
    bl   tell
    ldr  x10, [x21, PASSED]
    tbnz x10, 0, next
    neg  x23, x23                   // x23: the errno of the last call that did not succeed
    cmp  x23, 63
    b.hi failed
    lsr  x10, x10, x23
    tbz  x10, 0, failed

next:
    add  x22, x22, 1
    add  x21, x21, ENTRY
    b    entry

report:
    mov  x23, xzr
    bl   tell
    mov  x8, NR_read
    ldr  x0, data + DOWN
    mov  x1, sp
    mov  x2, 1
    svc  0
    cmp  x0, 1
    b.eq next

nothing:
    mov  x23, xzr
    bl   tell

failed:
    mov  x8, NR_exit
    mov  x0, FAILED
    svc  0

tell:                               // index and x23
    stp  x22, x23, [sp]
    mov  x8, NR_write
    ldr  x0, data + UP
    mov  x1, sp
    mov  x2, 16
    svc  0
    cmp  x0, 16
    b.ne failed
    ret

    .balign 8
data:
