# The code that every thread runs when the signal reaches it. Handler.java holds its bytes; HandlerBytesTest assembles this
# file and compares. The text is one page that can be read and executed. Two words that can be written lie 64 KiB further on.
# handler_aarch64.S is the same, and names the fields. handler_x86_64.S says more.
#
# There is no restorer: struct sigaction has no field for one, and the kernel lets a handler return through the vDSO. The
# kernel makes the caches agree when a page becomes executable for the first time, and this one does so once.

    .option norelax
    .option norvc
    .text

    # struct siginfo
    .set SI_ERRNO,   4
    .set SI_CODE,    8
    .set SI_PID,    16
    .set SI_VALUE,  24

    # the block
    .set ALWAYS,     0
    .set END,        8
    .set SLOTS,     16
    .set CAPACITY,  24
    .set STRIDE,    32
    .set PID,       40
    .set ROWS,      64

    # a row
    .set NUMBER,     0
    .set ARGUMENT_0, 8
    .set ARGUMENT_1, 16
    .set ARGUMENT_2, 24
    .set ARGUMENT_3, 32
    .set ARGUMENT_4, 40
    .set ARGUMENT_5, 48
    .set FLAGS,     56
    .set ROW,       64
    .set IN_SLOT_0,  1              # masks of the flags
    .set IN_SLOT_1,  2
    .set IN_SLOT_2,  4
    .set TOLERATED,  8

    # the slots region
    .set OVERFLOW,   4
    .set FIRST,     64

    # a slot
    .set ASK,        4
    .set REFUSED,    8
    .set ERROR,     16
    .set RESULTS,   24

    .set NR_gettid, 178

    .set current,  handler + 0x10000    # u64: the block of the round under way, or 0
    .set PREVIOUS, 8                    # behind it, u64: the handler that was there before, or 0

# handler(int signal, siginfo_t *info, void *context)
handler:
    # The signal is ours only if this process queued it for the round under way. Any other is late, or of somebody else.
    auipc t0, 0x10                  # t0: current, which lies 64 KiB behind this instruction
    ld   t1, 0(t0)
    beqz t1, chain
    lw   t2, SI_CODE(a1)
    li   t3, -1                     # SI_QUEUE
    bne  t2, t3, chain
    ld   t2, SI_VALUE(a1)
    bne  t2, t1, chain
    lw   t2, SI_PID(a1)
    lw   t3, PID(t1)
    bne  t2, t3, chain

    # A thread that finds no slot makes no call: nobody could read what it did.
    mv   s1, t1                     # s1: block
    ld   s2, SLOTS(s1)              # s2: slots region, whose first word is claimed
    li   t2, 1
    amoadd.w.aqrl s3, t2, (s2)
    ld   t2, CAPACITY(s1)
    bgeu s3, t2, overflow
    ld   t2, STRIDE(s1)
    mul  s3, s3, t2
    add  s3, s3, s2
    addi s3, s3, FIRST              # s3: slot
    lw   t2, SI_ERRNO(a1)
    sw   t2, ASK(s3)

    # A system call leaves all registers as they are but a0.
    li   a7, NR_gettid
    ecall
    mv   s4, a0                     # s4: tid
    addi s5, s1, ROWS               # s5: row
    addi s6, s3, RESULTS            # s6: where the next result goes

row:
    ld   t2, END(s1)
    bgeu s5, t2, answer
    ld   a7, NUMBER(s5)
    ld   a0, ARGUMENT_0(s5)
    ld   a1, ARGUMENT_1(s5)
    ld   a2, ARGUMENT_2(s5)
    ld   a3, ARGUMENT_3(s5)
    ld   a4, ARGUMENT_4(s5)
    ld   a5, ARGUMENT_5(s5)
    ld   s7, FLAGS(s5)              # s7: flags
    andi t2, s7, IN_SLOT_0
    beqz t2, 1f
    add  a0, a0, s3
1:  andi t2, s7, IN_SLOT_1
    beqz t2, 2f
    add  a1, a1, s3
2:  andi t2, s7, IN_SLOT_2
    beqz t2, 3f
    add  a2, a2, s3
3:  bltz a7, merge
    ecall

result:
    ld   t2, ALWAYS(s1)
    bltu s5, t2, change
    sd   a0, 0(s6)
    addi s6, s6, 8

next:
    addi s5, s5, ROW
    j    row

# The row is one before ALWAYS. Its result is of interest only if it is an error.
change:
    li   t2, -4096                  # an error is above it, unsigned
    bleu a0, t2, next
    sd   s5, REFUSED(s3)
    sd   a0, ERROR(s3)
    andi t2, s7, TOLERATED
    bnez t2, next
    ld   s5, ALWAYS(s1)
    j    row

# MERGE is u32: *arg0 = (*arg0 & arg2) | (*arg1 & arg3) | arg4.
merge:
    lw   t2, 0(a0)
    and  t2, t2, a2
    lw   t3, 0(a1)
    and  t3, t3, a3
    or   t2, t2, t3
    or   t2, t2, a4
    sw   t2, 0(a0)
    li   a0, 0
    j    result

answer:
    fence rw, w                     # the tid comes last: who reads it, reads the rest
    sw   s4, 0(s3)
    ret

overflow:
    addi t2, s2, OVERFLOW
    li   t3, 1
    amoadd.w.aqrl zero, t3, (t2)
    ret

# The arguments of the handler are still where they came: a0, a1, a2.
chain:
    ld   t2, PREVIOUS(t0)
    beqz t2, 1f
    jr   t2
1:  ret
end:
